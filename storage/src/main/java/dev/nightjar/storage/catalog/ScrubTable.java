package dev.nightjar.storage.catalog;

import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * When each pack of one repository was last proven. That a pack was written counts as its first proof. Times are the database's. Holds no state; every call runs on the caller's
 * connection.
 */
public final class ScrubTable {

    // What is damaged and condemned is of no use to anybody; a store may keep it for years.
    private static final String OF_USE = "state <> 'DELETED' AND NOT (state = 'CONDEMNED' AND damage IS NOT NULL)";

    private static final String PROVEN_AT = "coalesce(checked_at, recorded_at)";

    private final UUID repository;

    /** The proofs of this repository's packs. */
    public ScrubTable(UUID repository) {
        this.repository = repository;
    }

    /**
     * A pack that is to be read.
     *
     * @param overdue whether it was not read for longer than it may be
     */
    public record DuePack(PackRow pack, boolean overdue) {}

    /**
     * How much there is to prove.
     *
     * @param packs how many
     * @param bytes their length
     * @param oldestProof when the pack was proven that was not for the longest time; null without packs
     * @param neverChecked how many of them were not read since they were written
     */
    public record Proofs(long packs, long bytes, @Nullable Instant oldestProof, long neverChecked) {}

    /** The database's time. */
    public Instant now(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT clock_timestamp()");
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return instant(rows, 1);
        }
    }

    /** Where a scrub of everything goes on: what was proven before this is still to be read. The present time if none was begun that has not ended. */
    public Instant beginPass(Connection connection) throws SQLException {
        String sql = """
                UPDATE catalog.repository SET scrub_before = coalesce(scrub_before, clock_timestamp()) WHERE id = ?
                RETURNING scrub_before""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? instant(rows, 1) : now(connection);
            }
        }
    }

    /** A scrub of everything has come to its end. */
    public void endPass(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE catalog.repository SET scrub_before = NULL WHERE id = ?")) {
            statement.setObject(1, repository);
            statement.executeUpdate();
        }
    }

    /** The next packs that were proven before {@code before}, the one that was not for the longest time first. */
    public List<DuePack> due(Connection connection, Instant before, Duration within, int most) throws SQLException {
        String sql = "SELECT id, sha256, kind, stored_bytes, chunks, " + PROVEN_AT
                + " <= clock_timestamp() - ? * interval '1 millisecond' FROM catalog.pack WHERE repository = ? AND "
                + OF_USE
                + " AND " + PROVEN_AT + " < ? ORDER BY " + PROVEN_AT + ", id LIMIT ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, within.toMillis());
            statement.setObject(2, repository);
            statement.setObject(3, OffsetDateTime.ofInstant(before, ZoneOffset.UTC));
            statement.setInt(4, most);
            List<DuePack> due = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    due.add(new DuePack(row(rows), rows.getBoolean(6)));
                }
            }
            return due;
        }
    }

    /** How much was proven before {@code before}; everything if that is null. */
    public Proofs proofs(Connection connection, @Nullable Instant before) throws SQLException {
        String sql = "SELECT count(*), coalesce(sum(stored_bytes), 0), min(" + PROVEN_AT
                + "), count(*) FILTER (WHERE checked_at IS NULL) FROM catalog.pack WHERE repository = ? AND " + OF_USE
                + " AND " + PROVEN_AT + " < coalesce(?, 'infinity'::timestamptz)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setObject(2, before == null ? null : OffsetDateTime.ofInstant(before, ZoneOffset.UTC));
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                Instant oldest = rows.getObject(3) == null ? null : instant(rows, 3);
                return new Proofs(rows.getLong(1), rows.getLong(2), oldest, rows.getLong(4));
            }
        }
    }

    /** The pack was read just now; whatever was wrong with it, if anything, is told to {@link DamageTable}. */
    public void checked(Connection connection, int pack) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE catalog.pack SET checked_at = clock_timestamp() WHERE id = ? AND repository = ?")) {
            statement.setInt(1, pack);
            statement.setObject(2, repository);
            statement.executeUpdate();
        }
    }

    static PackRow row(ResultSet rows) throws SQLException {
        return new PackRow(
                rows.getInt(1),
                PackId.of(rows.getBytes(2)),
                ChunkKind.of((byte) rows.getShort(3)),
                rows.getLong(4),
                rows.getInt(5));
    }

    private static Instant instant(ResultSet rows, int column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }
}
