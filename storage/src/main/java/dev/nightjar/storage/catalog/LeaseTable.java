package dev.nightjar.storage.catalog;

import dev.nightjar.storage.map.MapRoot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Leases of runs. A run writes under an epoch; whoever takes the run over begins a higher one, and from then on the old
 * holder can commit nothing. Holds no state; every call runs on the caller's connection.
 */
public final class LeaseTable {

    private final UUID repository;

    /** The leases of this repository. */
    public LeaseTable(UUID repository) {
        this.repository = repository;
    }

    /** Takes the lease; false if a higher epoch holds it, or this one has ended. */
    public boolean begin(Connection connection, UUID run, long epoch) throws SQLException {
        String sql = """
                INSERT INTO catalog.lease AS held (run, repository, epoch, state) VALUES (?, ?, ?, 'ACTIVE')
                ON CONFLICT (run) DO UPDATE SET epoch = excluded.epoch, state = 'ACTIVE', ended_at = NULL
                    WHERE held.repository = excluded.repository AND (held.epoch < excluded.epoch
                        OR (held.epoch = excluded.epoch AND held.state = 'ACTIVE'))""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, run);
            statement.setObject(2, repository);
            statement.setLong(3, epoch);
            return statement.executeUpdate() == 1;
        }
    }

    /** Whether the lease is still held under this epoch; if so, nobody can take it before the transaction ends. */
    public boolean hold(Connection connection, UUID run, long epoch) throws SQLException {
        String sql =
                "SELECT 1 FROM catalog.lease WHERE run = ? AND repository = ? AND epoch = ? AND state = 'ACTIVE' FOR UPDATE";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, run);
            statement.setObject(2, repository);
            statement.setLong(3, epoch);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** The leases that have not ended, and since when there are. */
    public Map<UUID, Instant> active(Connection connection) throws SQLException {
        String sql = "SELECT run, began_at FROM catalog.lease WHERE repository = ? AND state = 'ACTIVE'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            Map<UUID, Instant> leases = new HashMap<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    leases.put(
                            rows.getObject(1, UUID.class),
                            rows.getObject(2, OffsetDateTime.class).toInstant());
                }
            }
            return leases;
        }
    }

    /** Keeps the chunks of a point's map from being reclaimed while the run lasts. */
    public void protect(Connection connection, UUID run, UUID point, MapRoot root) throws SQLException {
        String sql = """
                INSERT INTO catalog.protected_root (run, point, root, chunk_count) VALUES (?, ?, ?, ?)
                ON CONFLICT (run, point) DO NOTHING""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, run);
            statement.setObject(2, point);
            PointTable.setRoot(statement, 3, root);
            statement.setLong(4, root.chunkCount());
            statement.executeUpdate();
        }
    }

    /** Ends the lease if it is held under this epoch, and with it the protection of what the run built on. */
    public void end(Connection connection, UUID run, long epoch) throws SQLException {
        endWhere(connection, run, epoch);
    }

    /**
     * Ends a dead run's lease in whatever repository of this catalog, and if it has none yet keeps it from ever taking one: a process that was taken for dead and
     * comes back finds the door closed wherever it was.
     */
    public static void bar(Connection connection, UUID run) throws SQLException {
        String sql = """
                INSERT INTO catalog.lease AS held (run, repository, epoch, state, ended_at)
                    SELECT ?, id, ?, 'ENDED', now() FROM catalog.repository ORDER BY id LIMIT 1
                ON CONFLICT (run) DO UPDATE SET epoch = excluded.epoch, state = 'ENDED', ended_at = coalesce(held.ended_at, excluded.ended_at)""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, run);
            statement.setLong(2, Long.MAX_VALUE);
            statement.executeUpdate();
        }
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM catalog.protected_root WHERE run = ?")) {
            statement.setObject(1, run);
            statement.executeUpdate();
        }
    }

    /** Ends the lease whoever holds it, under whatever epoch. */
    public void fence(Connection connection, UUID run) throws SQLException {
        endWhere(connection, run, null);
    }

    /** Ends every lease of the repository. */
    public void fenceAll(Connection connection) throws SQLException {
        endWhere(connection, null, null);
    }

    private void endWhere(Connection connection, @Nullable UUID run, @Nullable Long epoch) throws SQLException {
        String sql = """
                WITH ended AS (
                    UPDATE catalog.lease SET state = 'ENDED', ended_at = now()
                    WHERE repository = ? AND state = 'ACTIVE' AND run = coalesce(?, run) AND epoch = coalesce(?, epoch)
                    RETURNING run)
                DELETE FROM catalog.protected_root USING ended WHERE protected_root.run = ended.run""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setObject(2, run, Types.OTHER);
            statement.setObject(3, epoch, Types.BIGINT);
            statement.executeUpdate();
        }
    }
}
