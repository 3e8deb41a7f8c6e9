package dev.nightjar.nbd.protocol;

/** How much a peer may send in one piece; checked before anything is allocated. */
public final class Limits {

    /** Longest export name, context name or error text, in bytes of UTF-8. */
    public static final int TEXT_BYTES = 4096;
    /** Longest reply to an option, in bytes; the longest useful one is a name and a description. */
    public static final int OPTION_REPLY_BYTES = 64 * 1024;
    /** All replies to one option together, in bytes; a list of 100,000 exports with usual names. */
    public static final int OPTION_REPLIES_BYTES = 8 * 1024 * 1024;
    /** Longest option that a server accepts, in bytes. */
    public static final int OPTION_BYTES = 64 * 1024;
    /** What a read or write may carry where the server named no maximum, in bytes. */
    public static final int DEFAULT_PAYLOAD_BYTES = 32 * 1024 * 1024;
    /** Most descriptors in one block status chunk. QEMU stays at 131,072. */
    public static final int STATUS_DESCRIPTORS = 1 << 20;
    /** Longest payload of an error chunk, in bytes. */
    public static final int ERROR_PAYLOAD_BYTES = 6 + TEXT_BYTES + 8;
    /** A minimum block is at most this, in bytes. */
    public static final int MINIMUM_BLOCK_BYTES = 64 * 1024;
    /** What a 32-bit block status may ask for: below 2 GiB, and a multiple of any minimum block. */
    public static final long COMPACT_STATUS_BYTES = (2L << 30) - MINIMUM_BLOCK_BYTES;

    private Limits() {}
}
