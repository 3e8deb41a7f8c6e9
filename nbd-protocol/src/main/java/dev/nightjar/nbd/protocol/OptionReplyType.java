package dev.nightjar.nbd.protocol;

/** Numbers of the replies to options; with the highest bit set it is an {@link OptionError}. */
public final class OptionReplyType {

    public static final int ACK = 1;
    public static final int SERVER = 2;
    public static final int INFO = 3;
    public static final int META_CONTEXT = 4;
    public static final int ERROR_BIT = 1 << 31;

    private OptionReplyType() {}
}
