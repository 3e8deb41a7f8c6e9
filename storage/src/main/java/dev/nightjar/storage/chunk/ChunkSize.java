package dev.nightjar.storage.chunk;

/**
 * The size of a repository's chunks, and the arithmetic between a disk's bytes and its chunks. Immutable.
 *
 * <p>The last chunk of a disk is as long as the disk leaves it.
 *
 * @param bytes a power of two from {@link #MIN_BYTES} to {@link #MAX_BYTES}
 */
public record ChunkSize(int bytes) {

    /** Smallest chunk that is allowed, in bytes. */
    public static final int MIN_BYTES = 4 * 1024;

    /** Largest chunk that is allowed, in bytes; one frame must be able to hold it. */
    public static final int MAX_BYTES = 1024 * 1024;

    /** 64 KiB, the granularity of QEMU's dirty bitmaps unless asked otherwise. */
    public static final ChunkSize DEFAULT = new ChunkSize(64 * 1024);

    /** Refuses sizes that no repository may have. */
    public ChunkSize {
        if (bytes < MIN_BYTES || bytes > MAX_BYTES || Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException(
                    "chunk size must be a power of two from " + MIN_BYTES + " to " + MAX_BYTES + " bytes: " + bytes);
        }
    }

    /** How many chunks a disk of {@code diskBytes} has, the short last one included. */
    public long count(long diskBytes) {
        requireNotNegative(diskBytes);
        return (diskBytes >>> shift()) + ((diskBytes & (bytes - 1L)) == 0 ? 0 : 1);
    }

    /** The number of the chunk that contains the byte at {@code offset}. */
    public long number(long offset) {
        requireNotNegative(offset);
        return offset >>> shift();
    }

    /** The offset in bytes at which chunk {@code number} begins. */
    public long offset(long number) {
        requireNotNegative(number);
        if (number > Long.MAX_VALUE >>> shift()) {
            throw new IllegalArgumentException("chunk " + number + " begins beyond 2^63-1 bytes");
        }
        return number << shift();
    }

    /** The length in bytes of chunk {@code number} on a disk of {@code diskBytes}. */
    public int length(long number, long diskBytes) {
        long left = diskBytes - offset(number);
        if (left <= 0) {
            throw new IllegalArgumentException("chunk " + number + " is beyond a disk of " + diskBytes + " bytes");
        }
        return (int) Math.min(left, bytes);
    }

    private int shift() {
        return Integer.numberOfTrailingZeros(bytes);
    }

    private static void requireNotNegative(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("must not be negative: " + value);
        }
    }
}
