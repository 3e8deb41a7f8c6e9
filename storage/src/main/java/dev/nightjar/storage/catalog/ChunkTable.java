package dev.nightjar.storage.catalog;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The chunk rows of one repository: bulk inserts and batched look-ups. Holds no state; every call runs on the caller's
 * connection.
 */
public final class ChunkTable {

    /** Places and keys of chunks, as a table. */
    private static final String GIVEN = "unnest(?::integer[], ?::uuid[]) AS given (slot, key)";

    // A chunk that is known to be damaged where its row says. Looked at only if something is wrong with the pack at
    // all.
    private static final String SOUND =
            "(%1$s.damage IS NULL OR NOT EXISTS (SELECT 1 FROM catalog.damaged_chunk d WHERE d.key = %2$s.key AND d.pack = %1$s.id))";

    // In the order of keys, so that two runs that store the same chunks wait for each other instead of deadlocking. A
    // row whose pack is on its way out, or whose chunk is damaged there, is taken over; else it stays, whoever came
    // first.
    private static final String MERGE = """
            INSERT INTO catalog.chunk AS known (pack, slot, key)
            SELECT DISTINCT ON (key) ?::integer, slot, key FROM %s ORDER BY key
            ON CONFLICT (key) DO UPDATE SET pack = excluded.pack, slot = excluded.slot
                WHERE NOT EXISTS (
                    SELECT 1 FROM catalog.pack p WHERE p.id = known.pack AND p.state = 'LIVE' AND %s)""".formatted(GIVEN, SOUND.formatted("p", "known"));

    // What was taken over, and what lies in the pack that has just been written.
    private static final String HEALED_ELSEWHERE = """
            DELETE FROM catalog.damaged_chunk d WHERE d.key = ANY (?)
            AND NOT EXISTS (SELECT 1 FROM catalog.chunk c WHERE c.key = d.key AND c.pack = d.pack)""";

    private static final String HEALED_IN_PLACE = "DELETE FROM catalog.damaged_chunk WHERE pack = ?";

    private static final String PACKS_OF = "SELECT DISTINCT pack FROM catalog.chunk WHERE key = ANY (?)";

    private static final String MOVE = """
            UPDATE catalog.chunk c SET pack = ?, slot = given.slot FROM %s
            WHERE c.key = given.key AND c.pack = ?""".formatted(GIVEN);

    private static final String LIVE = """
            SELECT c.key, c.pack FROM catalog.chunk c JOIN catalog.pack p ON p.id = c.pack
            WHERE c.key = ANY (?) AND p.state = 'LIVE' AND p.repository = ?""" + " AND " + SOUND.formatted("p", "c");

    private static final String LOCATE = """
            SELECT c.key, c.pack, c.slot FROM catalog.chunk c JOIN catalog.pack p ON p.id = c.pack
            WHERE c.key = ANY (?) AND p.state <> 'DELETED' AND p.repository = ?""";

    private static final int SCAN_ROWS = 20_000;

    private final UUID repository;

    /** The chunks of this repository. */
    public ChunkTable(UUID repository) {
        this.repository = repository;
    }

    /**
     * What became of chunks that were recorded.
     *
     * @param packs the packs in which they are found from now on: the one that they were recorded for, and those of chunks that were known
     * @param healed how many of them were damaged before
     */
    public record Recorded(Set<Integer> packs, long healed) {}

    /** Records the chunks of a pack. A chunk that another live pack has already, undamaged, keeps its row. */
    public Recorded record(Connection connection, int pack, List<ChunkEntry> chunks) throws SQLException {
        Array keys = keys(connection, chunks);
        int recorded;
        try (PreparedStatement statement = connection.prepareStatement(MERGE)) {
            statement.setInt(1, pack);
            statement.setArray(2, slots(connection, chunks));
            statement.setArray(3, keys);
            recorded = statement.executeUpdate();
        }
        Set<Integer> packs = new HashSet<>(Set.of(pack));
        if (recorded < chunks.size()) {
            packs.addAll(packsOf(connection, keys));
        }
        long healed = (long) healedElsewhere(connection, keys) + healedIn(connection, pack);
        return new Recorded(packs, healed);
    }

    private static Set<Integer> packsOf(Connection connection, Array keys) throws SQLException {
        Set<Integer> packs = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(PACKS_OF)) {
            statement.setArray(1, keys);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    packs.add(rows.getInt(1));
                }
            }
        }
        return packs;
    }

    private static int healedElsewhere(Connection connection, Array keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HEALED_ELSEWHERE)) {
            statement.setArray(1, keys);
            return statement.executeUpdate();
        }
    }

    private static int healedIn(Connection connection, int pack) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HEALED_IN_PLACE)) {
            statement.setInt(1, pack);
            return statement.executeUpdate();
        }
    }

    /** Which of the chunks lie in a live pack and are not known to be damaged there, and in which. */
    public Map<ChunkKey, Integer> livePacks(Connection connection, Collection<ChunkKey> keys) throws SQLException {
        Map<ChunkKey, Integer> found = HashMap.newHashMap(keys.size());
        try (PreparedStatement statement = lookUp(connection, LIVE, keys);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.put(ChunkKey.of(rows.getObject(1, UUID.class)), rows.getInt(2));
            }
        }
        return found;
    }

    /** Where the chunks can be read; those that the catalog does not know are missing from the result. */
    public Map<ChunkKey, ChunkLocation> locate(Connection connection, Collection<ChunkKey> keys) throws SQLException {
        Map<ChunkKey, ChunkLocation> found = HashMap.newHashMap(keys.size());
        try (PreparedStatement statement = lookUp(connection, LOCATE, keys);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.put(ChunkKey.of(rows.getObject(1, UUID.class)), ChunkLocation.of(rows.getInt(2), rows.getInt(3)));
            }
        }
        return found;
    }

    /** Takes every chunk row, in no particular order; needs a transaction, which it reads in portions. */
    public void scan(Connection connection, RowVisitor visitor) throws SQLException {
        String sql = """
                SELECT c.pack, c.key FROM catalog.chunk c JOIN catalog.pack p ON p.id = c.pack WHERE p.repository = ?""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(SCAN_ROWS);
            statement.setObject(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    visitor.row(rows.getInt(1), ChunkKey.of(rows.getObject(2, UUID.class)));
                }
            }
        }
    }

    /** Takes a row of the table. */
    @FunctionalInterface
    public interface RowVisitor {
        void row(int pack, ChunkKey key);
    }

    /**
     * Says that chunks lie in another pack from now on, as far as they lie in the one that they are moved from.
     *
     * @param chunks with their places in the new pack
     */
    public void move(Connection connection, int from, int to, List<ChunkEntry> chunks) throws SQLException {
        Array keys = keys(connection, chunks);
        try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
            statement.setInt(1, to);
            statement.setArray(2, slots(connection, chunks));
            statement.setArray(3, keys);
            statement.setInt(4, from);
            statement.executeUpdate();
        }
        healedElsewhere(connection, keys);
    }

    /** Whether some chunk's row names this pack, at the cost of reading the whole table if none does. */
    public boolean isNamed(Connection connection, int pack) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM catalog.chunk WHERE pack = ? LIMIT 1")) {
            statement.setInt(1, pack);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Forgets the chunks of a pack; {@code keys} are those that it was stored with. */
    public void forget(Connection connection, int pack, Collection<ChunkKey> keys) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM catalog.chunk WHERE key = ANY (?) AND pack = ?")) {
            statement.setArray(1, array(connection, keys));
            statement.setInt(2, pack);
            statement.executeUpdate();
        }
    }

    /** Forgets the chunks of a pack whose directory cannot be read, at the cost of reading the whole table. */
    public void forget(Connection connection, int pack) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM catalog.chunk WHERE pack = ?")) {
            statement.setInt(1, pack);
            statement.executeUpdate();
        }
    }

    /** Tells PostgreSQL's planner how much there is, after much was added at once. */
    public void analyze(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE catalog.chunk");
        }
    }

    /** Forgets every chunk of the repository. */
    public void clear(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM catalog.chunk c USING catalog.pack p WHERE p.id = c.pack AND p.repository = ?")) {
            statement.setObject(1, repository);
            statement.executeUpdate();
        }
    }

    private PreparedStatement lookUp(Connection connection, String sql, Collection<ChunkKey> keys) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            statement.setArray(1, array(connection, keys));
            statement.setObject(2, repository);
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private static Array slots(Connection connection, List<ChunkEntry> chunks) throws SQLException {
        return connection.createArrayOf(
                "integer",
                chunks.stream()
                        .map(chunk -> ChunkLocation.slot(chunk.frame(), chunk.place()))
                        .toArray());
    }

    private static Array keys(Connection connection, List<ChunkEntry> chunks) throws SQLException {
        return array(connection, chunks.stream().map(ChunkEntry::key).toList());
    }

    private static Array array(Connection connection, Collection<ChunkKey> keys) throws SQLException {
        return connection.createArrayOf(
                "uuid", keys.stream().map(ChunkKey::toUuid).toArray());
    }
}
