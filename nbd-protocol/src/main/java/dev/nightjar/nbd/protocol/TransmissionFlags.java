package dev.nightjar.nbd.protocol;

/**
 * What an export can do, as a server announces it.
 *
 * @param bits 16 bits; without {@link #HAS_FLAGS} none of the others counts
 */
public record TransmissionFlags(int bits) {

    public static final int HAS_FLAGS = 1;
    public static final int READ_ONLY = 1 << 1;
    public static final int SEND_FLUSH = 1 << 2;
    public static final int SEND_FUA = 1 << 3;
    public static final int ROTATIONAL = 1 << 4;
    public static final int SEND_TRIM = 1 << 5;
    public static final int SEND_WRITE_ZEROES = 1 << 6;
    public static final int SEND_DF = 1 << 7;
    public static final int CAN_MULTI_CONN = 1 << 8;
    public static final int SEND_RESIZE = 1 << 9;
    public static final int SEND_CACHE = 1 << 10;
    public static final int SEND_FAST_ZERO = 1 << 11;
    public static final int BLOCK_STATUS_PAYLOAD = 1 << 12;

    /** Whether one of the flags is set, and counts. */
    public boolean has(int flag) {
        return (bits & HAS_FLAGS) != 0 && (bits & flag) != 0;
    }
}
