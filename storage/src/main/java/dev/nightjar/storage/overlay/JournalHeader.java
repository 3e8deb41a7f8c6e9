package dev.nightjar.storage.overlay;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The beginning of an overlay's journal. Encoded, big-endian:
 *
 * <pre>
 *  0  8  "NJOVERLY"
 *  8  4  format version, 1
 * 12  4  bytes of a block
 * 16  8  bytes of the disk
 * 24 16  the overlay's id
 * 40 16  boot id of the system that wrote this file
 * 56  4  0
 * 60  4  CRC-32C of what is before
 * </pre>
 *
 * @param overlay the overlay's id
 * @param blockBytes bytes of a block
 * @param sizeBytes bytes of the disk
 * @param bootId boot id of the system that wrote this file
 */
record JournalHeader(UUID overlay, int blockBytes, long sizeBytes, UUID bootId) {

    static final int BYTES = 64;

    private static final long MAGIC = 0x4e4a_4f56_4552_4c59L;
    private static final int VERSION = 1;

    ByteBuffer encode() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        buffer.putLong(MAGIC).putInt(VERSION).putInt(blockBytes).putLong(sizeBytes);
        put(buffer, overlay);
        put(buffer, bootId);
        return buffer.putInt(0).putInt(checksum(buffer)).flip();
    }

    /** Decodes what {@link #encode} made; {@code where} is for the message. */
    static JournalHeader decode(ByteBuffer buffer, String where) {
        if (buffer.remaining() < BYTES
                || buffer.getLong(0) != MAGIC
                || buffer.getInt(BYTES - Integer.BYTES) != checksum(buffer)) {
            throw new StorageException(
                    StorageErrorCode.OVERLAY_DAMAGED,
                    "the journal of the overlay in " + where + " does not begin as one",
                    "Discard the overlay; the point below it is not affected.");
        }
        int version = buffer.getInt(8);
        if (version != VERSION) {
            throw new StorageException(
                    StorageErrorCode.FORMAT_UNSUPPORTED,
                    "the overlay in " + where + " has format version " + version,
                    "It was written by a newer release; use that release or a later one.");
        }
        UUID overlay = new UUID(buffer.getLong(24), buffer.getLong(32));
        UUID boot = new UUID(buffer.getLong(40), buffer.getLong(48));
        return new JournalHeader(overlay, buffer.getInt(12), buffer.getLong(16), boot);
    }

    private static void put(ByteBuffer buffer, UUID id) {
        buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static int checksum(ByteBuffer buffer) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(0, BYTES - Integer.BYTES));
        return (int) crc.getValue();
    }
}
