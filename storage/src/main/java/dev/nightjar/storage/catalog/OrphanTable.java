package dev.nightjar.storage.catalog;

import dev.nightjar.storage.pack.PackId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** The packs that were seen in the repository and that the catalog does not know. Holds no state; every call runs on the caller's connection. */
public final class OrphanTable {

    private final UUID repository;

    /** The orphans of this repository. */
    public OrphanTable(UUID repository) {
        this.repository = repository;
    }

    /** Remembers these as orphans, since now unless they are known as such, and forgets all others. */
    public void set(Connection connection, Collection<PackId> orphans) throws SQLException {
        byte[][] names = orphans.stream().map(PackId::toBytes).toArray(byte[][]::new);
        execute(connection, "DELETE FROM catalog.orphan_pack WHERE repository = ? AND NOT sha256 = ANY (?)", names);
        execute(connection, """
                INSERT INTO catalog.orphan_pack (repository, sha256) SELECT ?, unnest(?)
                ON CONFLICT (repository, sha256) DO NOTHING""", names);
    }

    /** Those that have been orphans long enough, and that no run can have written that is still active. */
    public List<PackId> due(Connection connection, Duration grace) throws SQLException {
        String sql = """
                SELECT sha256 FROM catalog.orphan_pack o
                WHERE repository = ? AND seen_at <= clock_timestamp() - ? * interval '1 millisecond' AND NOT EXISTS (
                    SELECT 1 FROM catalog.lease WHERE lease.repository = o.repository AND lease.state = 'ACTIVE'
                        AND lease.began_at <= o.seen_at)""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setLong(2, grace.toMillis());
            List<PackId> due = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    due.add(PackId.of(rows.getBytes(1)));
                }
            }
            return due;
        }
    }

    private void execute(Connection connection, String sql, byte[][] names) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setArray(2, connection.createArrayOf("bytea", names));
            statement.executeUpdate();
        }
    }
}
