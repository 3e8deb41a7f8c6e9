package dev.nightjar.nbd.protocol;

/** The numbers that open NBD's messages. */
public final class Magic {

    /** "NBDMAGIC": first word of every greeting. */
    public static final long GREETING = 0x4e42444d41474943L;
    /** "IHAVEOPT": second word of a newstyle greeting and first word of every option. */
    public static final long OPTION = 0x49484156454f5054L;
    /** Second word of an oldstyle greeting, which Nightjar does not speak. */
    public static final long OLDSTYLE_GREETING = 0x0000420281861253L;
    /** Opens every reply to an option. */
    public static final long OPTION_REPLY = 0x0003e889045565a9L;

    public static final int COMPACT_REQUEST = 0x25609513;
    public static final int EXTENDED_REQUEST = 0x21e41c71;
    public static final int SIMPLE_REPLY = 0x67446698;
    public static final int STRUCTURED_REPLY = 0x668e33ef;
    public static final int EXTENDED_REPLY = 0x6e8a278c;

    private Magic() {}
}
