package dev.nightjar.bench;

import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkEntry;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackId;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** How fast a catalog of some size answers, by the statements that an ingest uses. Used by one thread. */
final class CatalogRate {

    private static final int BATCH = 1024;
    private static final int BATCHES = 100;
    private static final int PACK_CHUNKS = 800;
    private static final int PACKS = 50;

    private final Catalog catalog;
    private final long known;
    private final Random random = new Random(2);
    private long next = 1L << 40;

    /**
     * The rate of a catalog.
     *
     * @param known how many made-up chunks it has
     */
    CatalogRate(Catalog catalog, long known) {
        this.catalog = catalog;
        this.known = known;
    }

    /** Look-ups a second: half of the chunks are known. */
    double lookUps() {
        long begun = System.nanoTime();
        for (int batch = 0; batch < BATCHES; batch++) {
            List<ChunkKey> keys = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                long number = i % 2 == 0 ? random.nextLong(known) : 1L << 50 | random.nextLong(1L << 48);
                keys.add(ChunkKey.of(MadeUpChunks.id(number)));
            }
            int found = catalog.database()
                    .read(connection -> catalog.chunks().livePacks(connection, keys))
                    .size();
            if (found < BATCH / 2 - 20) {
                throw new IllegalStateException("only " + found + " chunks were found");
            }
        }
        return BATCH * BATCHES / seconds(begun);
    }

    /** Inserts a second, a pack at a time. */
    double inserts() {
        long begun = System.nanoTime();
        for (int pack = 0; pack < PACKS; pack++) {
            List<ChunkEntry> entries = new ArrayList<>();
            for (int i = 0; i < PACK_CHUNKS; i++) {
                entries.add(new ChunkEntry(ChunkKey.of(MadeUpChunks.id(next++)), i / 16, i % 16));
            }
            byte[] name = new byte[PackId.BYTES];
            random.nextBytes(name);
            catalog.database().transact(connection -> {
                int number = catalog.packs()
                        .record(connection, PackId.of(name), ChunkKind.DATA, 32L << 20, PACK_CHUNKS, null);
                catalog.chunks().record(connection, number, entries);
            });
        }
        return PACKS * PACK_CHUNKS / seconds(begun);
    }

    /** Bytes a row takes with everything that belongs to it. */
    double bytesPerChunk() {
        return catalog.database().read(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT pg_total_relation_size('catalog.chunk')::float8 / count(*) FROM catalog.chunk")) {
                row.next();
                return row.getDouble(1);
            }
        });
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
