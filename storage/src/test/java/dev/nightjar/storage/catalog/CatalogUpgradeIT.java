package dev.nightjar.storage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** A catalog that an earlier release has filled is brought up to date with everything in it. */
class CatalogUpgradeIT {

    private static final UUID REPOSITORY = UUID.randomUUID();

    @Test
    void chunksAreFoundWhereTheyWereBeforeTheirRowsBecameNarrow() throws SQLException {
        DataSource source = CatalogServer.freshDatabase();
        migrateTo("7", source);
        fill(source);

        CatalogDatabase database = CatalogDatabase.open(source);

        ChunkKey first = new ChunkKey(0x0123456789abcdefL, 0xfedcba9876543210L);
        ChunkKey second = new ChunkKey(-1, 0);
        Map<ChunkKey, ChunkLocation> found = database.read(connection ->
                new ChunkTable(REPOSITORY).locate(connection, List.of(first, second, new ChunkKey(1, 1))));
        assertThat(found).isEqualTo(Map.of(first, new ChunkLocation(1, 70000, 15), second, new ChunkLocation(1, 0, 3)));
        Map<ChunkKey, Integer> live =
                database.read(connection -> new ChunkTable(REPOSITORY).livePacks(connection, List.of(first, second)));
        assertThat(live).as("the damaged one is to be stored anew").isEqualTo(Map.of(first, 1));
    }

    private static void migrateTo(String version, DataSource source) {
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/catalog")
                .schemas(CatalogDatabase.SCHEMA)
                .target(version)
                .loggers("slf4j")
                .load()
                .migrate();
    }

    private static void fill(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO catalog.repository (id) VALUES ('%s')".formatted(REPOSITORY));
            statement.execute("""
                    INSERT INTO catalog.pack (repository, sha256, kind, stored_bytes, chunks, damage)
                    VALUES ('%s', decode(repeat('ab', 32), 'hex'), 0, 1000, 2, 'CONTENT')""".formatted(REPOSITORY));
            statement.execute("""
                    INSERT INTO catalog.chunk (pack, frame, place, key) VALUES
                    (1, 70000, 15, decode('0123456789abcdeffedcba9876543210', 'hex')),
                    (1, 0, 3, decode('ffffffffffffffff0000000000000000', 'hex'))""");
            statement.execute("""
                    INSERT INTO catalog.damaged_chunk (key, pack)
                    VALUES (decode('ffffffffffffffff0000000000000000', 'hex'), 1)""");
        }
    }
}
