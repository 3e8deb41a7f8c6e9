package dev.nightjar.storage.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** What was seen in the trash, and since when: no file system's clock is asked. Holds no state; every call runs on the caller's connection. */
public final class TrashTable {

    private final UUID repository;

    /** The trash of this repository. */
    public TrashTable(UUID repository) {
        this.repository = repository;
    }

    /** Remembers these as lying there, since now unless they are known to, and forgets all others. */
    public void set(Connection connection, Collection<String> names) throws SQLException {
        execute(connection, "DELETE FROM catalog.trash_blob WHERE repository = ? AND NOT name = ANY (?)", names);
        execute(connection, """
                INSERT INTO catalog.trash_blob (repository, name) SELECT ?, unnest(?)
                ON CONFLICT (repository, name) DO NOTHING""", names);
    }

    /** What has been lying there for long enough. */
    public List<String> due(Connection connection, Duration keep) throws SQLException {
        String sql = """
                SELECT name FROM catalog.trash_blob
                WHERE repository = ? AND seen_at <= clock_timestamp() - ? * interval '1 millisecond'""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setLong(2, keep.toMillis());
            List<String> due = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    due.add(rows.getString(1));
                }
            }
            return due;
        }
    }

    private void execute(Connection connection, String sql, Collection<String> names) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setArray(2, connection.createArrayOf("text", names.toArray()));
            statement.executeUpdate();
        }
    }
}
