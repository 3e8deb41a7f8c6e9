package dev.nightjar.storage.catalog;

import java.util.UUID;

/** One repository's part of a catalog: the database and the tables in it. Thread-safe; holds no connection. */
public final class Catalog {

    private final CatalogDatabase database;
    private final RepositoryTable repositories;
    private final PackTable packs;
    private final ChunkTable chunks;
    private final PointTable points;
    private final LeaseTable leases;
    private final OrphanTable orphans;
    private final ScrubTable scrubs;
    private final DamageTable damage;
    private final TrashTable trash;
    private final LockTable locks;

    /** The part of this repository. */
    public Catalog(CatalogDatabase database, UUID repository) {
        this.database = database;
        repositories = new RepositoryTable(repository);
        packs = new PackTable(repository);
        chunks = new ChunkTable(repository);
        points = new PointTable(repository);
        leases = new LeaseTable(repository);
        orphans = new OrphanTable(repository);
        scrubs = new ScrubTable(repository);
        damage = new DamageTable(repository);
        trash = new TrashTable(repository);
        locks = new LockTable(repository);
    }

    /** Where transactions come from. */
    public CatalogDatabase database() {
        return database;
    }

    /** The repository's own row. */
    public RepositoryTable repositories() {
        return repositories;
    }

    /** Its packs. */
    public PackTable packs() {
        return packs;
    }

    /** Its chunks and map nodes. */
    public ChunkTable chunks() {
        return chunks;
    }

    /** Its points. */
    public PointTable points() {
        return points;
    }

    /** Packs that it does not know. */
    public OrphanTable orphans() {
        return orphans;
    }

    /** When its packs were proven. */
    public ScrubTable scrubs() {
        return scrubs;
    }

    /** What is damaged in it. */
    public DamageTable damage() {
        return damage;
    }

    /** What lies in its trash. */
    public TrashTable trash() {
        return trash;
    }

    /** Its points that are locked. */
    public LockTable locks() {
        return locks;
    }

    /** The leases of its runs. */
    public LeaseTable leases() {
        return leases;
    }
}
