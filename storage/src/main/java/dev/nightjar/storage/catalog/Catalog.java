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

    /** The part of this repository. */
    public Catalog(CatalogDatabase database, UUID repository) {
        this.database = database;
        repositories = new RepositoryTable(repository);
        packs = new PackTable(repository);
        chunks = new ChunkTable(repository);
        points = new PointTable(repository);
        leases = new LeaseTable(repository);
        orphans = new OrphanTable(repository);
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

    /** The leases of its runs. */
    public LeaseTable leases() {
        return leases;
    }
}
