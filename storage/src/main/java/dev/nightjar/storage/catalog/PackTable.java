package dev.nightjar.storage.catalog;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The pack rows of one repository. Holds no state; every call runs on the caller's connection. */
public final class PackTable {

    private static final String DUE = """
            state = 'CONDEMNED' AND condemned_at <= clock_timestamp() - ? * interval '1 millisecond' AND NOT EXISTS (
                SELECT 1 FROM catalog.lease
                WHERE lease.repository = pack.repository AND lease.state = 'ACTIVE' AND lease.began_at <= condemned_at)
            AND (retained_until IS NULL OR retained_until <= clock_timestamp())""";

    private final UUID repository;

    /** The packs of this repository. */
    public PackTable(UUID repository) {
        this.repository = repository;
    }

    /**
     * Records a stored pack as LIVE, or finds it recorded. The same chunks in the same order make the same pack, so a condemned one
     * can be written again: its file is still there, and it lives on. Whatever was wrong with it is over: who writes it makes sure of that.
     *
     * @param run who wrote it; null if that is not known
     * @return its number
     * @throws StorageException with PACK_NOT_LIVE if the very same pack is being deleted
     */
    public int record(
            Connection connection, PackId id, ChunkKind kind, long storedBytes, int chunks, @Nullable UUID run)
            throws SQLException {
        String sql = """
                INSERT INTO catalog.pack AS known (repository, sha256, kind, stored_bytes, chunks, run, recorded_at)
                VALUES (?, ?, ?, ?, ?, ?, clock_timestamp())
                ON CONFLICT (repository, sha256) DO UPDATE
                    SET state = CASE known.state WHEN 'CONDEMNED' THEN 'LIVE' ELSE known.state END, run = excluded.run,
                        recorded_at = excluded.recorded_at, damage = NULL, damage_found_at = NULL,
                        retained_until = CASE WHEN known.damage IS NULL THEN known.retained_until END
                RETURNING id, state""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setBytes(2, id.toBytes());
            statement.setShort(3, kind.code());
            statement.setLong(4, storedBytes);
            statement.setInt(5, chunks);
            statement.setObject(6, run, Types.OTHER);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                if (PackState.valueOf(rows.getString(2)) != PackState.LIVE) {
                    throw new StorageException(
                            StorageErrorCode.PACK_NOT_LIVE,
                            "Pack " + id + " is being deleted and was written again meanwhile",
                            "Run the backup again in a few minutes.");
                }
                return rows.getInt(1);
            }
        }
    }

    /** Gives a pack that is not recorded a row that is DELETED, so that nobody can record it; empty if it is recorded after all. */
    public OptionalInt claimOrphan(Connection connection, PackId id) throws SQLException {
        String sql = """
                INSERT INTO catalog.pack (repository, sha256, kind, state, stored_bytes, chunks)
                VALUES (?, ?, ?, 'DELETED', 0, 0) ON CONFLICT (repository, sha256) DO NOTHING RETURNING id""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setBytes(2, id.toBytes());
            statement.setShort(3, ChunkKind.DATA.code());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? OptionalInt.of(rows.getInt(1)) : OptionalInt.empty();
            }
        }
    }

    /** The name of the pack of this number; empty if it is not the repository's. */
    public Optional<PackId> name(Connection connection, int number) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT sha256 FROM catalog.pack WHERE id = ? AND repository = ?")) {
            statement.setInt(1, number);
            statement.setObject(2, repository);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(PackId.of(rows.getBytes(1))) : Optional.empty();
            }
        }
    }

    /** Whether the pack of this number is there to be read: LIVE or CONDEMNED. */
    public boolean isReadable(Connection connection, int number) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT 1 FROM catalog.pack WHERE id = ? AND repository = ? AND state <> 'DELETED' FOR UPDATE")) {
            statement.setInt(1, number);
            statement.setObject(2, repository);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** How many of these packs are LIVE. */
    public long countLive(Connection connection, Collection<Integer> numbers) throws SQLException {
        String sql = "SELECT count(*) FROM catalog.pack WHERE id = ANY (?) AND repository = ? AND state = 'LIVE'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("integer", numbers.toArray()));
            statement.setObject(2, repository);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** How much the repository's packs hold, deleted ones apart. */
    public PackTotals totals(Connection connection) throws SQLException {
        String sql = """
                SELECT count(*), coalesce(sum(stored_bytes), 0), coalesce(sum(chunks), 0)
                FROM catalog.pack WHERE repository = ? AND state <> 'DELETED'""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return new PackTotals(rows.getLong(1), rows.getLong(2), rows.getLong(3));
            }
        }
    }

    /** The packs that may be looked at for reclaiming: LIVE, not of a run that is still writing, and not kept by the store. */
    public List<PackRow> settled(Connection connection) throws SQLException {
        String sql = """
                SELECT id, sha256, kind, stored_bytes, chunks FROM catalog.pack
                WHERE repository = ? AND state = 'LIVE' AND NOT EXISTS (
                    SELECT 1 FROM catalog.lease WHERE lease.run = pack.run AND lease.state = 'ACTIVE')
                AND (retained_until IS NULL OR retained_until <= clock_timestamp())""";
        return rows(connection, sql, null);
    }

    /** The packs that are condemned. */
    public List<PackRow> condemned(Connection connection) throws SQLException {
        return rows(connection, """
                SELECT id, sha256, kind, stored_bytes, chunks FROM catalog.pack WHERE repository = ? AND state = 'CONDEMNED'""", null);
    }

    /** Condemns those of the packs that are LIVE and not of a run that is still writing; returns how many that were. */
    public int condemn(Connection connection, Collection<Integer> numbers) throws SQLException {
        return update(connection, """
                UPDATE catalog.pack SET state = 'CONDEMNED', condemned_at = clock_timestamp()
                WHERE id = ANY (?) AND repository = ? AND state = 'LIVE' AND NOT EXISTS (
                    SELECT 1 FROM catalog.lease WHERE lease.run = pack.run AND lease.state = 'ACTIVE')""", numbers);
    }

    /**
     * Condemns as {@link #condemn} does, but for packs that were recorded at that time or later, perhaps once more: since then there may be chunks in them that were somewhere else before.
     *
     * @param time the database's
     */
    public int condemnOlder(Connection connection, Collection<Integer> numbers, Instant time) throws SQLException {
        String sql = "SELECT id FROM catalog.pack WHERE id = ANY (?) AND repository = ? AND recorded_at < ?";
        List<Integer> older = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("integer", numbers.toArray()));
            statement.setObject(2, repository);
            statement.setObject(3, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    older.add(rows.getInt(1));
                }
            }
        }
        return condemn(connection, older);
    }

    /** Makes those of the packs that are condemned LIVE again: somebody has found use for their chunks. */
    public void revive(Connection connection, Collection<Integer> numbers) throws SQLException {
        update(connection, """
                UPDATE catalog.pack SET state = 'LIVE', condemned_at = NULL
                WHERE id = ANY (?) AND repository = ? AND state = 'CONDEMNED'""", numbers);
    }

    /** The packs that were condemned long enough ago, and that nobody reads who began before. */
    public List<PackRow> due(Connection connection, Duration grace) throws SQLException {
        return rows(
                connection,
                "SELECT id, sha256, kind, stored_bytes, chunks FROM catalog.pack WHERE repository = ? AND " + DUE,
                grace.toMillis());
    }

    /** Moves a pack that is due to DELETED; false if it no longer is due. */
    public boolean beginDelete(Connection connection, int number, Duration grace) throws SQLException {
        String sql = "UPDATE catalog.pack SET state = 'DELETED' WHERE repository = ? AND " + DUE + " AND id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setLong(2, grace.toMillis());
            statement.setInt(3, number);
            return statement.executeUpdate() == 1;
        }
    }

    /** Remembers until when the store keeps these packs. */
    public void retained(Connection connection, Collection<Integer> numbers, Instant until) throws SQLException {
        String sql = "UPDATE catalog.pack SET retained_until = ? WHERE id = ANY (?) AND repository = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, OffsetDateTime.ofInstant(until, ZoneOffset.UTC));
            statement.setArray(2, connection.createArrayOf("integer", numbers.toArray()));
            statement.setObject(3, repository);
            statement.executeUpdate();
        }
    }

    /** The packs that the store does not keep until then. */
    public List<PackRow> retainedUntilBefore(Connection connection, Instant until) throws SQLException {
        String sql = """
                SELECT id, sha256, kind, stored_bytes, chunks FROM catalog.pack
                WHERE repository = ? AND (retained_until IS NULL OR retained_until < to_timestamp(?::double precision / 1000))""";
        return rows(connection, sql, until.toEpochMilli());
    }

    /** A pack whose deletion had begun and that the store refuses to delete: it is condemned anew, and due after that date. */
    public void refuseDelete(Connection connection, int number, Instant until) throws SQLException {
        String sql = """
                UPDATE catalog.pack SET state = 'CONDEMNED', condemned_at = clock_timestamp(), retained_until = ?
                WHERE id = ? AND repository = ? AND state = 'DELETED'""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, OffsetDateTime.ofInstant(until, ZoneOffset.UTC));
            statement.setInt(2, number);
            statement.setObject(3, repository);
            statement.executeUpdate();
        }
    }

    /** A pack whose file turned out to be gone: nobody may lean on it. */
    public void lose(Connection connection, PackId id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE catalog.pack SET state = 'DELETED' WHERE repository = ? AND sha256 = ?")) {
            statement.setObject(1, repository);
            statement.setBytes(2, id.toBytes());
            statement.executeUpdate();
        }
    }

    /** The packs whose deletion has begun. */
    public List<PackRow> deleted(Connection connection) throws SQLException {
        return rows(connection, """
                SELECT id, sha256, kind, stored_bytes, chunks FROM catalog.pack WHERE repository = ? AND state = 'DELETED'""", null);
    }

    /** Forgets a pack whose file is gone. */
    public void remove(Connection connection, int number) throws SQLException {
        update(
                connection,
                "DELETE FROM catalog.pack WHERE id = ANY (?) AND repository = ? AND state = 'DELETED'",
                List.of(number));
    }

    /** The names of all packs, whatever their state. */
    public Set<PackId> names(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT sha256 FROM catalog.pack WHERE repository = ?")) {
            statement.setObject(1, repository);
            Set<PackId> names = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(PackId.of(rows.getBytes(1)));
                }
            }
            return names;
        }
    }

    private List<PackRow> rows(Connection connection, String sql, @Nullable Long parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            if (parameter != null) {
                statement.setLong(2, parameter);
            }
            List<PackRow> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new PackRow(
                            rows.getInt(1),
                            PackId.of(rows.getBytes(2)),
                            ChunkKind.of((byte) rows.getShort(3)),
                            rows.getLong(4),
                            rows.getInt(5)));
                }
            }
            return found;
        }
    }

    private int update(Connection connection, String sql, Collection<Integer> numbers) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("integer", numbers.toArray()));
            statement.setObject(2, repository);
            return statement.executeUpdate();
        }
    }

    /** Forgets every pack of the repository; the chunk rows must be gone before. */
    public void clear(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM catalog.pack WHERE repository = ?")) {
            statement.setObject(1, repository);
            statement.executeUpdate();
        }
    }
}
