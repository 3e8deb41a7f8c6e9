package dev.nightjar.nbd.protocol;

/** Numbers of the chunks of structured and extended replies, 16 bits. */
public final class ChunkType {

    public static final int NONE = 0;
    public static final int OFFSET_DATA = 1;
    public static final int OFFSET_HOLE = 2;
    /** With 32-bit lengths; used exactly when headers are not extended. */
    public static final int BLOCK_STATUS = 5;
    /** With 64-bit lengths; used exactly when headers are extended. */
    public static final int BLOCK_STATUS_EXT = 6;

    public static final int ERROR_BIT = 1 << 15;
    public static final int ERROR = ERROR_BIT | 1;
    public static final int ERROR_OFFSET = ERROR_BIT | 2;

    private ChunkType() {}

    public static boolean isError(int type) {
        return (type & ERROR_BIT) != 0;
    }

    /** The block status type of a mode. */
    public static int blockStatus(ReplyMode mode) {
        return mode.extendedHeaders() ? BLOCK_STATUS_EXT : BLOCK_STATUS;
    }
}
