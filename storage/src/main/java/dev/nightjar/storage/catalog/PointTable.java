package dev.nightjar.storage.catalog;

import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.Checkpoint;
import dev.nightjar.storage.point.DamagedRanges;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.point.PointTotals;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The point rows of one repository. Holds no state; every call runs on the caller's connection. */
public final class PointTable {

    private static final String COLUMNS = """
            id, set_id, run, machine_id, machine_name, disk_name, instant, size_bytes, root, chunk_count, consistency, mode,
            checkpoint_name, checkpoint_identity, parent_id, read_bytes, zero_bytes, new_bytes, deduplicated_bytes,
            stored_bytes, format_version, damaged, copied_from""";

    private final UUID repository;

    /** The points of this repository. */
    public PointTable(UUID repository) {
        this.repository = repository;
    }

    /** Adds a point. */
    public void insert(Connection connection, PointRecord point, PointState state) throws SQLException {
        insert(connection, point, state, "");
    }

    /** Adds a point, unless there is one of its id; false if there is. Waits for a transaction that adds or removes one. */
    public boolean insertIfAbsent(Connection connection, PointRecord point, PointState state) throws SQLException {
        return insert(connection, point, state, " ON CONFLICT DO NOTHING") == 1;
    }

    private int insert(Connection connection, PointRecord point, PointState state, String conflict)
            throws SQLException {
        String sql = "INSERT INTO catalog.point (" + COLUMNS + ", repository, state) VALUES (" + "?, ".repeat(24) + "?)"
                + conflict;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Checkpoint checkpoint = point.checkpoint();
            PointTotals totals = point.totals();
            statement.setObject(1, point.id());
            statement.setObject(2, point.setId());
            statement.setObject(3, point.runId());
            statement.setObject(4, point.machineId());
            statement.setString(5, point.machineName());
            statement.setString(6, point.diskName());
            statement.setObject(7, OffsetDateTime.ofInstant(point.instant(), ZoneOffset.UTC));
            statement.setLong(8, point.sizeBytes());
            setRoot(statement, 9, point.root());
            statement.setLong(10, point.root().chunkCount());
            statement.setString(11, point.consistency());
            statement.setString(12, point.mode().name());
            statement.setString(13, checkpoint == null ? null : checkpoint.name());
            statement.setString(14, checkpoint == null ? null : checkpoint.identity());
            statement.setObject(15, point.parentId(), Types.OTHER);
            statement.setLong(16, totals.readBytes());
            statement.setLong(17, totals.zeroBytes());
            statement.setLong(18, totals.newBytes());
            statement.setLong(19, totals.deduplicatedBytes());
            statement.setLong(20, totals.storedBytes());
            statement.setInt(21, PointRecord.FORMAT_VERSION);
            statement.setArray(22, connection.createArrayOf("bigint", flat(point.damaged())));
            statement.setObject(23, point.copiedFrom(), Types.OTHER);
            statement.setObject(24, repository);
            statement.setString(25, state.name());
            return statement.executeUpdate();
        }
    }

    /** Says whose lease it takes to complete pending points. */
    public void writtenBy(Connection connection, Collection<UUID> ids, UUID run) throws SQLException {
        String sql = "UPDATE catalog.point SET writer = ? WHERE repository = ? AND id = ANY (?) AND state = 'PENDING'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, run);
            statement.setObject(2, repository);
            statement.setArray(3, connection.createArrayOf("uuid", ids.toArray()));
            statement.executeUpdate();
        }
    }

    /** Those of the points that are pending and written by this run; they stay so until the transaction ends. */
    public List<UUID> holdPending(Connection connection, Collection<UUID> ids, UUID run) throws SQLException {
        String sql = """
                SELECT id FROM catalog.point WHERE repository = ? AND id = ANY (?) AND state = 'PENDING' AND writer = ?
                FOR UPDATE""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setArray(2, connection.createArrayOf("uuid", ids.toArray()));
            statement.setObject(3, run);
            return ids(statement);
        }
    }

    /** The pending points that nobody can complete, because their writer's lease has ended; they stay so until the transaction ends. */
    public List<UUID> holdAbandoned(Connection connection) throws SQLException {
        String sql = """
                SELECT id FROM catalog.point p WHERE repository = ? AND state = 'PENDING' AND NOT EXISTS (
                    SELECT 1 FROM catalog.lease l WHERE l.run = coalesce(p.writer, p.run) AND l.state = 'ACTIVE')
                FOR UPDATE OF p""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            return ids(statement);
        }
    }

    private static List<UUID> ids(PreparedStatement statement) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getObject(1, UUID.class));
            }
        }
        return ids;
    }

    /** Makes pending points complete; returns how many it found pending. */
    public int complete(Connection connection, Collection<UUID> ids) throws SQLException {
        return move(connection, ids, PointState.PENDING, PointState.COMPLETE);
    }

    /** Marks a complete point as being deleted; false if there is none. */
    public boolean beginDelete(Connection connection, UUID id) throws SQLException {
        return move(connection, List.of(id), PointState.COMPLETE, PointState.DELETING) == 1;
    }

    /** Whether a point is being deleted; it stays so until the transaction ends. */
    public boolean holdDeleting(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT 1 FROM catalog.point WHERE id = ? AND repository = ? AND state = 'DELETING' FOR UPDATE")) {
            statement.setObject(1, id);
            statement.setObject(2, repository);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Takes back that a point is being deleted. */
    public void cancelDelete(Connection connection, UUID id) throws SQLException {
        move(connection, List.of(id), PointState.DELETING, PointState.COMPLETE);
    }

    /** Removes the row of a point that is not complete and, its run being dead, never will be; false if there is none. */
    public boolean removePending(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM catalog.point WHERE id = ? AND repository = ? AND state = 'PENDING'")) {
            statement.setObject(1, id);
            statement.setObject(2, repository);
            return statement.executeUpdate() == 1;
        }
    }

    /** Removes a point's row, wherever it stands, and forgets that a rebuild left it out. */
    public void remove(Connection connection, UUID id) throws SQLException {
        removeLeftOut(connection, id);
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM catalog.point WHERE id = ? AND repository = ?")) {
            statement.setObject(1, id);
            statement.setObject(2, repository);
            statement.executeUpdate();
        }
    }

    /** The complete point of this id. */
    public Optional<PointRecord> find(Connection connection, UUID id) throws SQLException {
        return find(connection, id, "");
    }

    /** The complete point of this id, which nobody can begin to delete before the transaction ends. */
    public Optional<PointRecord> hold(Connection connection, UUID id) throws SQLException {
        return find(connection, id, " FOR UPDATE");
    }

    private Optional<PointRecord> find(Connection connection, UUID id, String lock) throws SQLException {
        String sql = "SELECT " + COLUMNS + " FROM catalog.point WHERE id = ? AND repository = ? AND state = 'COMPLETE'"
                + lock;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, id);
            statement.setObject(2, repository);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(record(rows)) : Optional.empty();
            }
        }
    }

    /** Every complete point, oldest first. */
    public List<PointRecord> list(Connection connection) throws SQLException {
        String sql = "SELECT " + COLUMNS
                + " FROM catalog.point WHERE repository = ? AND state = 'COMPLETE' ORDER BY instant, disk_name, id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            List<PointRecord> points = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    points.add(record(rows));
                }
            }
            return points;
        }
    }

    /** The content of every point, wherever it stands, and of what runs and exports hold; each once. */
    public Set<MapRoot> roots(Connection connection) throws SQLException {
        String sql = """
                SELECT root, chunk_count FROM catalog.point WHERE repository = ?
                UNION SELECT p.root, p.chunk_count FROM catalog.protected_root p JOIN catalog.lease l USING (run)
                WHERE l.repository = ?""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setObject(2, repository);
            Set<MapRoot> roots = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    byte[] root = rows.getBytes(1);
                    roots.add(new MapRoot(root == null ? null : ChunkId.of(root), rows.getLong(2)));
                }
            }
            return roots;
        }
    }

    /** How many points are complete. */
    public long countComplete(Connection connection) throws SQLException {
        String sql = "SELECT count(*) FROM catalog.point WHERE repository = ? AND state = 'COMPLETE'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** Every point and where it stands. */
    public Map<UUID, PointState> states(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT id, state FROM catalog.point WHERE repository = ?")) {
            statement.setObject(1, repository);
            Map<UUID, PointState> states = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    states.put(rows.getObject(1, UUID.class), PointState.valueOf(rows.getString(2)));
                }
            }
            return states;
        }
    }

    /** Remembers that a rebuild could not take this point's record, and why. */
    public void leaveOut(Connection connection, UUID id, String reason) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO catalog.left_out_point (repository, point, reason) VALUES (?, ?, ?)")) {
            statement.setObject(1, repository);
            statement.setObject(2, id);
            statement.setString(3, reason);
            statement.executeUpdate();
        }
    }

    /** Forgets a point that was left out; false if there is none. */
    public boolean removeLeftOut(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM catalog.left_out_point WHERE repository = ? AND point = ?")) {
            statement.setObject(1, repository);
            statement.setObject(2, id);
            return statement.executeUpdate() == 1;
        }
    }

    /** The points that the last rebuild could not take, with its reasons. */
    public Map<UUID, String> leftOut(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT point, reason FROM catalog.left_out_point WHERE repository = ?")) {
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

    /** Forgets every point of the repository, and which were left out. */
    public void clear(Connection connection) throws SQLException {
        for (String table : List.of("point", "left_out_point")) {
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM catalog." + table + " WHERE repository = ?")) {
                statement.setObject(1, repository);
                statement.executeUpdate();
            }
        }
    }

    static void setRoot(PreparedStatement statement, int index, MapRoot root) throws SQLException {
        ChunkId node = root.node();
        statement.setBytes(index, node == null ? null : node.toBytes());
    }

    private int move(Connection connection, Collection<UUID> ids, PointState from, PointState to) throws SQLException {
        String sql = "UPDATE catalog.point SET state = ? WHERE id = ANY (?) AND repository = ? AND state = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, to.name());
            statement.setArray(2, connection.createArrayOf("uuid", ids.toArray()));
            statement.setObject(3, repository);
            statement.setString(4, from.name());
            return statement.executeUpdate();
        }
    }

    private static PointRecord record(ResultSet rows) throws SQLException {
        byte[] root = rows.getBytes("root");
        String checkpoint = rows.getString("checkpoint_name");
        return new PointRecord(
                rows.getObject("id", UUID.class),
                rows.getObject("set_id", UUID.class),
                rows.getObject("run", UUID.class),
                rows.getObject("machine_id", UUID.class),
                rows.getString("machine_name"),
                rows.getString("disk_name"),
                rows.getObject("instant", OffsetDateTime.class).toInstant(),
                rows.getLong("size_bytes"),
                new MapRoot(root == null ? null : ChunkId.of(root), rows.getLong("chunk_count")),
                rows.getString("consistency"),
                CaptureMode.valueOf(rows.getString("mode")),
                checkpoint == null ? null : new Checkpoint(checkpoint, rows.getString("checkpoint_identity")),
                rows.getObject("parent_id", UUID.class),
                new PointTotals(
                        rows.getLong("read_bytes"),
                        rows.getLong("zero_bytes"),
                        rows.getLong("new_bytes"),
                        rows.getLong("deduplicated_bytes"),
                        rows.getLong("stored_bytes")),
                ranges((Long[]) rows.getArray("damaged").getArray()),
                rows.getObject("copied_from", UUID.class));
    }

    private static Long[] flat(DamagedRanges damaged) {
        return damaged.ranges().stream()
                .flatMap(range -> Stream.of(range.offset(), range.length()))
                .toArray(Long[]::new);
    }

    private static DamagedRanges ranges(Long[] flat) {
        List<DamagedRanges.Range> ranges = new ArrayList<>();
        for (int i = 0; i < flat.length; i += 2) {
            ranges.add(new DamagedRanges.Range(flat[i], flat[i + 1]));
        }
        return new DamagedRanges(ranges);
    }
}
