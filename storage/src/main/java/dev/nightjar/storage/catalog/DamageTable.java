package dev.nightjar.storage.catalog;

import dev.nightjar.storage.pack.PackFlaw;
import dev.nightjar.storage.pack.PackSurvey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known to be damaged in one repository: packs, chunks that cannot be read where their rows say, and records of points. Holds no state; every call runs on the caller's
 * connection.
 *
 * <p>A damaged chunk counts only as long as its row names the pack that it was found damaged in: stored anew elsewhere, it has healed.
 */
public final class DamageTable {

    private static final String DAMAGED = """
            FROM catalog.damaged_chunk d JOIN catalog.chunk c ON c.key = d.key AND c.pack = d.pack
            JOIN catalog.pack p ON p.id = d.pack WHERE p.repository = ? AND p.state <> 'DELETED'""";

    private final UUID repository;

    /** The damage of this repository. */
    public DamageTable(UUID repository) {
        this.repository = repository;
    }

    /**
     * A pack with something wrong.
     *
     * @param pack the pack
     * @param flaws what is wrong with it
     * @param foundAt when that was found first
     * @param damagedChunks how many of its chunks cannot be read
     */
    public record DamagedPackRow(PackRow pack, Set<PackFlaw> flaws, Instant foundAt, long damagedChunks) {}

    /** Takes a damaged chunk. */
    @FunctionalInterface
    public interface Visitor {
        void damaged(ChunkKey key);
    }

    /** Says what is wrong with a pack from now on. If none of its chunks can be read there, this costs reading the whole table of chunks. */
    public void set(Connection connection, int pack, PackSurvey survey) throws SQLException {
        clearChunks(connection, pack);
        String names = survey.flaws().stream().sorted().map(Enum::name).collect(Collectors.joining(","));
        try (PreparedStatement statement = connection.prepareStatement("""
                UPDATE catalog.pack SET damage = ?, damage_found_at = coalesce(damage_found_at, clock_timestamp())
                WHERE id = ? AND repository = ?""")) {
            statement.setString(1, names);
            statement.setInt(2, pack);
            statement.setObject(3, repository);
            statement.executeUpdate();
        }
        String sql = """
                INSERT INTO catalog.damaged_chunk (key, pack) SELECT key, pack FROM catalog.chunk WHERE pack = ?
                %s ON CONFLICT (key) DO UPDATE SET pack = excluded.pack""".formatted(survey.spoilsEverything() ? "" : "AND key = ANY (?)");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, pack);
            if (!survey.spoilsEverything()) {
                Object[] keys = survey.broken().stream()
                        .flatMap(frame -> frame.chunks().stream())
                        .map(chunk -> ChunkKey.of(chunk.id()).toUuid())
                        .toArray();
                statement.setArray(2, connection.createArrayOf("uuid", keys));
            }
            statement.executeUpdate();
        }
    }

    /** Says that nothing is wrong with a pack. If something was, its file may be another one now, which the store was not told to keep. */
    public void clear(Connection connection, int pack) throws SQLException {
        clearChunks(connection, pack);
        try (PreparedStatement statement = connection.prepareStatement("""
                UPDATE catalog.pack SET damage = NULL, damage_found_at = NULL, retained_until = NULL
                WHERE id = ? AND repository = ? AND damage IS NOT NULL""")) {
            statement.setInt(1, pack);
            statement.setObject(2, repository);
            statement.executeUpdate();
        }
    }

    /** The packs with something wrong, in the order in which that was found; without those that are condemned, in which there is nothing that anybody needs. */
    public List<DamagedPackRow> packs(Connection connection) throws SQLException {
        Map<Integer, Long> counts = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT d.pack, count(*) " + DAMAGED + " GROUP BY d.pack")) {
            statement.setObject(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    counts.put(rows.getInt(1), rows.getLong(2));
                }
            }
        }
        String sql = """
                SELECT id, sha256, kind, stored_bytes, chunks, damage, damage_found_at FROM catalog.pack
                WHERE repository = ? AND state = 'LIVE' AND damage IS NOT NULL ORDER BY damage_found_at, id""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            List<DamagedPackRow> packs = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    PackRow pack = ScrubTable.row(rows);
                    packs.add(new DamagedPackRow(
                            pack,
                            flaws(rows.getString(6)),
                            rows.getObject(7, OffsetDateTime.class).toInstant(),
                            counts.getOrDefault(pack.number(), 0L)));
                }
            }
            return packs;
        }
    }

    /** How many chunks cannot be read. */
    public long countChunks(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) " + DAMAGED)) {
            statement.setObject(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** Every chunk that cannot be read. */
    public void visit(Connection connection, Visitor visitor) throws SQLException {
        visit(connection, "", null, visitor);
    }

    /** Every chunk of a pack that cannot be read. */
    public void visit(Connection connection, int pack, Visitor visitor) throws SQLException {
        visit(connection, " AND d.pack = ?", pack, visitor);
    }

    private void visit(Connection connection, String condition, @Nullable Integer pack, Visitor visitor)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT d.key " + DAMAGED + condition)) {
            statement.setObject(1, repository);
            if (pack != null) {
                statement.setInt(2, pack);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    visitor.damaged(ChunkKey.of(rows.getObject(1, UUID.class)));
                }
            }
        }
    }

    /** Says which records of complete points are damaged, and why; forgets what was known before. */
    public void setRecords(Connection connection, Map<UUID, String> reasons) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM catalog.damaged_record WHERE repository = ? AND NOT point = ANY (?)")) {
            statement.setObject(1, repository);
            statement.setArray(
                    2, connection.createArrayOf("uuid", reasons.keySet().toArray()));
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO catalog.damaged_record (repository, point, reason) VALUES (?, ?, ?)
                ON CONFLICT (repository, point) DO UPDATE SET reason = excluded.reason""")) {
            for (Map.Entry<UUID, String> reason : reasons.entrySet()) {
                statement.setObject(1, repository);
                statement.setObject(2, reason.getKey());
                statement.setString(3, reason.getValue());
                statement.executeUpdate();
            }
        }
    }

    /** The complete points whose records are damaged, and why. */
    public Map<UUID, String> records(Connection connection) throws SQLException {
        String sql = """
                SELECT d.point, d.reason FROM catalog.damaged_record d JOIN catalog.point p ON p.id = d.point
                WHERE d.repository = ? AND p.state = 'COMPLETE'""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            Map<UUID, String> reasons = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reasons.put(rows.getObject(1, UUID.class), rows.getString(2));
                }
            }
            return reasons;
        }
    }

    private static Set<PackFlaw> flaws(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(PackFlaw::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(PackFlaw.class)));
    }

    private static void clearChunks(Connection connection, int pack) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM catalog.damaged_chunk WHERE pack = ?")) {
            statement.setInt(1, pack);
            statement.executeUpdate();
        }
    }
}
