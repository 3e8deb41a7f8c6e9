package dev.nightjar.storage.pack;

import dev.nightjar.storage.seal.FrameChecksum;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The last 24 bytes of a pack, big-endian:
 *
 * <pre>
 *  0  8  offset of the directory, unsigned
 *  8  4  length of the directory, unsigned
 * 12  4  CRC-32C of the directory and of the bytes 0 to 11 of this trailer
 * 16  8  "NJPEND\0\1"
 * </pre>
 */
record PackTrailer(long directoryOffset, int directoryLength, int crc32c) {

    static final int BYTES = 24;

    /** Longest directory that is written or read, in bytes. */
    static final int MAX_DIRECTORY_BYTES = 4 * 1024 * 1024;

    /** Where the checksum stands. */
    static final int CHECKSUM_AT = 12;

    private static final int CHECKED_BYTES = 12;
    private static final byte[] MAGIC = "NJPEND\0\1".getBytes(StandardCharsets.US_ASCII);

    static PackTrailer of(long directoryOffset, ByteBuffer directory) {
        int length = directory.remaining();
        return new PackTrailer(directoryOffset, length, FrameChecksum.of(directory, checked(directoryOffset, length)));
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(BYTES)
                .putLong(directoryOffset)
                .putInt(directoryLength)
                .putInt(crc32c)
                .put(MAGIC)
                .flip();
    }

    static PackTrailer decode(ByteBuffer trailer, long packBytes) throws PackDamage {
        long offset = trailer.getLong();
        int length = trailer.getInt();
        int crc32c = trailer.getInt();
        byte[] magic = new byte[MAGIC.length];
        trailer.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw PackDamage.damaged("it does not end like a pack");
        }
        // As unsigned numbers: a negative one is far beyond every limit.
        if (length < 0 || length > MAX_DIRECTORY_BYTES) {
            throw PackDamage.damaged("its directory has " + Integer.toUnsignedString(length) + " bytes");
        }
        if (offset < PackHeader.BYTES || offset != packBytes - BYTES - length) {
            throw PackDamage.damaged("its directory is at " + Long.toUnsignedString(offset));
        }
        return new PackTrailer(offset, length, crc32c);
    }

    void requireChecksumOf(ByteBuffer directory) throws PackDamage {
        if (crc32c != FrameChecksum.of(directory, checked(directoryOffset, directoryLength))) {
            throw PackDamage.damaged("the checksum of its directory is wrong");
        }
    }

    private static ByteBuffer checked(long offset, int length) {
        return ByteBuffer.allocate(CHECKED_BYTES).putLong(offset).putInt(length).flip();
    }
}
