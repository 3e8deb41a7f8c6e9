package dev.nightjar.nbd.protocol;

/** Flags of a request, 16 bits. */
public final class CommandFlags {

    /** Answer when it is on stable storage. */
    public static final int FUA = 1;
    /** Write zeros, but keep the space allocated. */
    public static final int NO_HOLE = 1 << 1;
    /** Answer a read in one chunk, or fail it. */
    public static final int DF = 1 << 2;
    /** One extent for each context, no longer than asked. */
    public static final int REQ_ONE = 1 << 3;
    /** Write zeros only if that is faster than writing data. */
    public static final int FAST_ZERO = 1 << 4;
    /** Extended headers: the length counts payload that follows, rather than an effect. Set on every write. */
    public static final int PAYLOAD_LEN = 1 << 5;

    private CommandFlags() {}
}
