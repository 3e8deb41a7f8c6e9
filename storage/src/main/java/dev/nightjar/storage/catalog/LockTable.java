package dev.nightjar.storage.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What the catalog remembers of one repository's locks, for lists: what may be deleted is asked of the repository. Holds no state; every call runs on the caller's connection.
 */
public final class LockTable {

    private final UUID repository;

    /** The locks of this repository. */
    public LockTable(UUID repository) {
        this.repository = repository;
    }

    /** Remembers that a point is locked; an earlier date than before changes nothing. */
    public void set(Connection connection, UUID point, Instant until) throws SQLException {
        String sql = """
                INSERT INTO catalog.point_lock AS known (repository, point, until) VALUES (?, ?, ?)
                ON CONFLICT (repository, point) DO UPDATE SET until = greatest(known.until, excluded.until)""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setObject(2, point);
            statement.setObject(3, OffsetDateTime.ofInstant(until, ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }

    /** Remembers that the store keeps everything that a point needs until a date. */
    public void setKept(Connection connection, UUID point, Instant until) throws SQLException {
        String sql = "UPDATE catalog.point_lock SET kept_until = ? WHERE repository = ? AND point = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, OffsetDateTime.ofInstant(until, ZoneOffset.UTC));
            statement.setObject(2, repository);
            statement.setObject(3, point);
            statement.executeUpdate();
        }
    }

    /** Remembers that the store may not keep everything that locked points need: some of it lies elsewhere now. */
    public void forgetKept(Connection connection) throws SQLException {
        String sql = "UPDATE catalog.point_lock SET kept_until = NULL WHERE repository = ? AND kept_until IS NOT NULL";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.executeUpdate();
        }
    }

    /** Until when each point is locked, also where that date is over. */
    public Map<UUID, Instant> all(Connection connection) throws SQLException {
        return select(connection, "");
    }

    /** Those of which the store does not keep yet what they need. */
    public Map<UUID, Instant> unkept(Connection connection) throws SQLException {
        return select(connection, " AND (kept_until IS NULL OR kept_until < until)");
    }

    /** Forgets the lock of a point. */
    public void remove(Connection connection, UUID point) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM catalog.point_lock WHERE repository = ? AND point = ?")) {
            statement.setObject(1, repository);
            statement.setObject(2, point);
            statement.executeUpdate();
        }
    }

    /** Forgets every lock of the repository. */
    public void clear(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM catalog.point_lock WHERE repository = ?")) {
            statement.setObject(1, repository);
            statement.executeUpdate();
        }
    }

    private Map<UUID, Instant> select(Connection connection, String condition) throws SQLException {
        String sql = "SELECT point, until FROM catalog.point_lock WHERE repository = ?" + condition;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            Map<UUID, Instant> locks = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    locks.put(
                            rows.getObject(1, UUID.class),
                            rows.getObject(2, OffsetDateTime.class).toInstant());
                }
            }
            return locks;
        }
    }
}
