package dev.nightjar.nbd.protocol;

/** Why a server refused an option. On the wire: 2^31 + number. */
public enum OptionError {
    UNSUPPORTED(1),
    POLICY(2),
    INVALID(3),
    PLATFORM(4),
    TLS_REQUIRED(5),
    UNKNOWN_EXPORT(6),
    SHUTDOWN(7),
    BLOCK_SIZE_REQUIRED(8),
    TOO_BIG(9),
    EXTENDED_HEADERS_REQUIRED(10),
    /** A number that has no meaning here; still a refusal. */
    OTHER(0);

    private final int number;

    OptionError(int number) {
        this.number = number;
    }

    /** The reply type that carries it, as unsigned 32 bits. */
    public int replyType() {
        return OptionReplyType.ERROR_BIT | number;
    }

    /** Never fails: what is not known is {@link #OTHER}. */
    public static OptionError of(int replyType) {
        for (OptionError error : values()) {
            if (error.replyType() == replyType) {
                return error;
            }
        }
        return OTHER;
    }
}
