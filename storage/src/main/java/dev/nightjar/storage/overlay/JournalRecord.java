package dev.nightjar.storage.overlay;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One line of an overlay's journal. Encoded, big-endian:
 *
 * <pre>
 *  0  4  type: 1 cluster, 2 zero, 3 commit, 4 session
 *  4  8  sequence number, counted from 1 in each journal file
 * 12  8  cluster · first cluster · last sequence number covered · boot id, upper half
 * 20  8  packed state · number of clusters · 0 · boot id, lower half
 * 28  8  0
 * 36  4  CRC-32C of the overlay's id and what is before
 * </pre>
 */
sealed interface JournalRecord {

    int BYTES = 40;

    /** The state of a cluster from here on. */
    record Cluster(long cluster, ClusterState state) implements JournalRecord {}

    /** Clusters are zero from here on. */
    record Zero(long first, long count) implements JournalRecord {}

    /** Everything up to a sequence number is durable, and the data that it names. */
    record Commit(long covered) implements JournalRecord {}

    /** Somebody opened the overlay, on a system that was booted as this id says. */
    record Session(UUID bootId) implements JournalRecord {}

    /** A record and its place in the journal. */
    record Numbered(long sequence, JournalRecord content) {}

    /** Encodes a record, from position to limit of a new buffer. */
    static ByteBuffer encode(UUID overlay, long sequence, JournalRecord content) {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        switch (content) {
            case Cluster(long cluster, ClusterState state) -> put(buffer, 1, sequence, cluster, state.pack());
            case Zero(long first, long count) -> put(buffer, 2, sequence, first, count);
            case Commit(long covered) -> put(buffer, 3, sequence, covered, 0);
            case Session(UUID boot) ->
                put(buffer, 4, sequence, boot.getMostSignificantBits(), boot.getLeastSignificantBits());
        }
        return buffer.putInt(BYTES - Integer.BYTES, checksum(overlay, buffer)).position(0);
    }

    /** The record at the buffer's position, or null if there is none. The position stays. */
    static @Nullable Numbered decode(UUID overlay, ByteBuffer source) {
        ByteBuffer buffer = source.slice(source.position(), BYTES);
        if (buffer.getInt(BYTES - Integer.BYTES) != checksum(overlay, buffer)) {
            return null;
        }
        int type = buffer.getInt(0);
        long sequence = buffer.getLong(4);
        long one = buffer.getLong(12);
        long other = buffer.getLong(20);
        return switch (type) {
            case 1 -> new Numbered(sequence, new Cluster(one, ClusterState.unpack(other)));
            case 2 -> new Numbered(sequence, new Zero(one, other));
            case 3 -> new Numbered(sequence, new Commit(one));
            case 4 -> new Numbered(sequence, new Session(new UUID(one, other)));
            default -> null;
        };
    }

    private static void put(ByteBuffer buffer, int type, long sequence, long one, long other) {
        buffer.putInt(0, type).putLong(4, sequence).putLong(12, one).putLong(20, other);
    }

    private static int checksum(UUID overlay, ByteBuffer record) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(16)
                .putLong(overlay.getMostSignificantBits())
                .putLong(overlay.getLeastSignificantBits())
                .flip());
        crc.update(record.slice(0, BYTES - Integer.BYTES));
        return (int) crc.getValue();
    }
}
