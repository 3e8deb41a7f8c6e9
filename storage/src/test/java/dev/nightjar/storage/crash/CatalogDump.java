package dev.nightjar.storage.crash;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * All rows of a catalog at one time, and where its sequences are. PostgreSQL keeps what was committed, so after a crash the catalog is what it was after the last
 * transaction.
 */
record CatalogDump(Map<String, String> tables, Map<String, Long> sequences) {

    private static final String TABLES =
            "SELECT tablename FROM pg_tables WHERE schemaname = 'catalog' AND tablename NOT LIKE 'flyway%' ORDER BY 1";
    private static final String SEQUENCES =
            "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'catalog'";

    static CatalogDump of(Connection connection) throws SQLException {
        Map<String, String> tables = new LinkedHashMap<>();
        Map<String, Long> sequences = new LinkedHashMap<>();
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(TABLES)) {
                while (rows.next()) {
                    tables.put(rows.getString(1), copyOut(copies, rows.getString(1)));
                }
            }
            try (ResultSet rows = statement.executeQuery(SEQUENCES)) {
                while (rows.next()) {
                    sequences.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return new CatalogDump(tables, sequences);
    }

    /** Puts a database of the same schema into this state, whatever it had before. */
    void load(Connection connection) throws SQLException {
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica"); // Foreign keys hold again when all is there.
            // Each table by itself: that is much faster than to truncate, as long as there is little in them.
            statement.execute("DELETE FROM catalog." + String.join("; DELETE FROM catalog.", tables.keySet()));
            for (Map.Entry<String, String> table : tables.entrySet()) {
                byte[] rows = table.getValue().getBytes(StandardCharsets.UTF_8);
                if (rows.length > 0) {
                    copies.copyIn("COPY catalog." + table.getKey() + " FROM STDIN", new ByteArrayInputStream(rows));
                }
            }
            for (Map.Entry<String, Long> sequence : sequences.entrySet()) {
                statement.execute(
                        "SELECT setval('catalog." + sequence.getKey() + "', " + (sequence.getValue() + 1) + ")");
            }
            statement.execute("SET session_replication_role = DEFAULT");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same schema without any row. */
    CatalogDump emptied() {
        Map<String, String> empty = new LinkedHashMap<>(tables);
        empty.replaceAll((_, _) -> "");
        return new CatalogDump(empty, sequences);
    }

    private static String copyOut(CopyManager copies, String table) throws SQLException {
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        try {
            copies.copyOut("COPY catalog." + table + " TO STDOUT", rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows.toString(StandardCharsets.UTF_8);
    }
}
