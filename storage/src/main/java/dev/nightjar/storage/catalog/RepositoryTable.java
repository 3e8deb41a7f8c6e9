package dev.nightjar.storage.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * The row that says a repository is known to this catalog, with the generation that every rebuild raises. Holds no state;
 * every call runs on the caller's connection.
 */
public final class RepositoryTable {

    private final UUID repository;

    /** The row of this repository. */
    public RepositoryTable(UUID repository) {
        this.repository = repository;
    }

    /** Makes the repository known, unless it is. */
    public void register(Connection connection) throws SQLException {
        update(connection, "INSERT INTO catalog.repository (id) VALUES (?) ON CONFLICT (id) DO NOTHING");
    }

    /** All repositories that this catalog knows, or has known. */
    public static Set<UUID> all(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT id FROM catalog.repository");
                ResultSet rows = statement.executeQuery()) {
            Set<UUID> ids = new HashSet<>();
            while (rows.next()) {
                ids.add(rows.getObject(1, UUID.class));
            }
            return ids;
        }
    }

    /** The present generation; empty if the catalog does not know the repository. */
    public OptionalLong generation(Connection connection) throws SQLException {
        return select(connection, "");
    }

    /** The present generation, which no rebuild can change before the transaction ends. */
    public OptionalLong holdGeneration(Connection connection) throws SQLException {
        return select(connection, " FOR SHARE");
    }

    /** Lets the transaction wait for the store between two statements for as long as that takes, whatever limit the session has. */
    public void mayRest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
        }
    }

    /** Raises the generation; writers under the old one wait for the transaction's end and are then turned away. */
    public void raiseGeneration(Connection connection) throws SQLException {
        update(connection, "UPDATE catalog.repository SET generation = generation + 1 WHERE id = ?");
    }

    /**
     * Waits for those who condemn packs to finish and keeps others from beginning, until the transaction ends. Any number of
     * commits hold it at once.
     */
    public void shareWithReclaim(Connection connection) throws SQLException {
        advisory(connection, "SELECT pg_advisory_xact_lock_shared(?)");
    }

    private void advisory(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, repository.getMostSignificantBits() ^ repository.getLeastSignificantBits());
            statement.execute();
        }
    }

    /** Waits for the commits that are under way and keeps others from beginning, until the transaction ends. */
    public void lockOutCommits(Connection connection) throws SQLException {
        advisory(connection, "SELECT pg_advisory_xact_lock(?)");
    }

    /** How often space was reclaimed, by the catalog; 0 if it does not know the repository. */
    public long reclaimEpoch(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT reclaim_epoch FROM catalog.repository WHERE id = ?")) {
            statement.setObject(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    /**
     * Counts one more deletion or reclaim.
     *
     * @param stored what the repository has counted
     * @return the new count, which nobody else gets; empty for a catalog that is behind the repository, and stays so
     */
    public OptionalLong raiseReclaimEpoch(Connection connection, long stored) throws SQLException {
        String sql = """
                UPDATE catalog.repository SET reclaim_epoch = reclaim_epoch + 1 WHERE id = ? AND reclaim_epoch >= ?
                RETURNING reclaim_epoch""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setLong(2, stored);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /** Writes down how often points were deleted and space was reclaimed. */
    public void setReclaimEpoch(Connection connection, long epoch) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE catalog.repository SET reclaim_epoch = ? WHERE id = ?")) {
            statement.setLong(1, epoch);
            statement.setObject(2, repository);
            statement.executeUpdate();
        }
    }

    /** The database's time. */
    public Instant now(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT clock_timestamp()");
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private OptionalLong select(Connection connection, String lock) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT generation FROM catalog.repository WHERE id = ?" + lock)) {
            statement.setObject(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    private void update(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.executeUpdate();
        }
    }
}
