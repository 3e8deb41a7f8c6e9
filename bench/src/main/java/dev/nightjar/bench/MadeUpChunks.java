package dev.nightjar.bench;

import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.chunk.ChunkId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import org.postgresql.PGConnection;

/** Chunks that nobody has: a number makes the id, which looks as random as a real one. */
final class MadeUpChunks {

    private static final byte[] HEADER = "PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int ROW_BYTES = Short.BYTES + 3 * Integer.BYTES + 2 * Integer.BYTES + 16;
    private static final int BATCH = 500_000;

    private MadeUpChunks() {}

    static ChunkId id(long number) {
        return new ChunkId(mix(4 * number), mix(4 * number + 1), mix(4 * number + 2), mix(4 * number + 3));
    }

    // SplitMix64.
    private static long mix(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** Copies rows straight into the table, whose index grows with it as it would. */
    static void load(CatalogDatabase database, long chunks, int packChunks, int firstPack) {
        for (long first = 0; first < chunks; first += BATCH) {
            long from = first;
            int count = (int) Math.min(BATCH, chunks - first);
            database.transact(connection -> copy(connection, from, count, packChunks, firstPack));
        }
        database.transact(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("ANALYZE catalog.chunk");
            }
        });
    }

    private static void copy(Connection connection, long from, int count, int packChunks, int firstPack)
            throws SQLException {
        Long[] numbers = new Long[count];
        Arrays.setAll(numbers, i -> from + i);
        // As the rows of a pack are: in the order of their keys.
        Arrays.sort(numbers, Comparator.comparing((Long number) -> id(number)));
        ByteBuffer rows = ByteBuffer.allocate(HEADER.length + count * ROW_BYTES + Short.BYTES);
        rows.put(HEADER);
        for (long number : numbers) {
            ChunkKey key = ChunkKey.of(id(number));
            rows.putShort((short) 3);
            rows.putInt(Integer.BYTES).putInt(firstPack + (int) (number / packChunks));
            // Frames of sixteen, one chunk in each place.
            rows.putInt(Integer.BYTES).putInt((int) (number % packChunks));
            rows.putInt(ChunkKey.BYTES).putLong(key.high()).putLong(key.low());
        }
        rows.putShort((short) -1);
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY catalog.chunk (pack, slot, key) FROM STDIN (FORMAT binary)",
                            new ByteArrayInputStream(rows.array()));
        } catch (IOException e) {
            throw new SQLException("COPY failed", e);
        }
    }
}
