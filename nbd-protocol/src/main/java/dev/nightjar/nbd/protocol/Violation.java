package dev.nightjar.nbd.protocol;

/** The rules that a peer can break. The names are stable; each says in one sentence what is expected instead. */
public enum Violation {
    NOT_NBD("a server begins with NBDMAGIC"),
    OLDSTYLE("a server speaks the newstyle handshake"),
    CLIENT_FLAGS("a client sets only handshake flags that it was offered"),
    OPTION_MAGIC("an option begins with IHAVEOPT"),
    OPTION_MALFORMED("an option has the layout of its kind"),
    OPTION_TOO_LONG("an option stays within 64 KiB"),
    OPTIONS_TOO_MANY("a handshake takes a bounded number of options"),
    OPTION_WITHOUT_REPLY("without the fixed newstyle handshake EXPORT_NAME is the only option"),
    EXPORT_NAME_UNUSABLE(
            "EXPORT_NAME is for a known export, with compact headers, and encrypted where that is required"),
    PLAINTEXT_AFTER_STARTTLS("nothing follows STARTTLS in plain text"),
    OPTION_REPLY_MAGIC("a reply to an option begins with its magic number"),
    OPTION_REPLY_FOREIGN("a reply names the option that was sent"),
    OPTION_REPLY_TOO_LONG("a reply to an option stays within 64 KiB"),
    OPTION_REPLY_UNKNOWN("a reply to an option is of a known type"),
    OPTION_REPLY_UNEXPECTED("a reply is of a type that its option allows"),
    OPTION_REPLY_MALFORMED("a reply to an option has the layout of its type"),
    OPTION_REPLIES_TOO_MANY("an option gets a bounded number of replies"),
    TEXT_MALFORMED("names and messages are UTF-8 without NUL, of at most 4096 bytes"),
    CONTEXT_UNASKED("only metadata contexts that were asked for are granted"),
    CONTEXT_DOUBLED("a metadata context is granted once, with an id of its own"),
    EXPORT_INFO_MISSING("the export's size and flags come before the acknowledgement"),
    EXPORT_INFO_DOUBLED("an information item comes once"),
    EXPORT_TOO_LARGE("an export is smaller than 2^63 bytes"),
    BLOCK_SIZE_INVALID("block sizes are powers of two in order"),
    UNREQUESTED_DATA("nothing is sent before it is requested"),
    TLS_LEFTOVER("no byte in plain follows the acknowledgement of STARTTLS"),
    TLS_IN_PLAIN("after the acknowledgement of STARTTLS everything is under TLS"),
    REQUEST_MAGIC("a request begins with the magic number of the negotiated headers"),
    REQUEST_COMMAND("a request is one of the known commands"),
    REQUEST_PAYLOAD("a request's payload stays within 32 MiB"),
    STATUS_FILTER("a block status filter is a length and whole context numbers"),
    REPLY_MAGIC("a reply begins with a magic number"),
    REPLY_STYLE("a reply has the header that was negotiated"),
    COOKIE_UNKNOWN("a reply carries the cookie of a request"),
    AFTER_DONE("nothing follows the chunk that ends a reply"),
    OFFSET_ECHO("an extended reply repeats the offset of its request"),
    CHUNK_UNKNOWN("a chunk is of a known type"),
    CHUNK_UNEXPECTED("a chunk is of a type that its request allows"),
    CHUNK_LENGTH("a chunk's payload is as long as its type says"),
    NONE_NOT_DONE("a chunk without content ends its reply"),
    DATA_EMPTY("a data or hole chunk is not empty"),
    DATA_OUT_OF_RANGE("data lies within what was read"),
    DATA_OVERLAP("no byte of a read is sent twice"),
    DATA_MISSING("a successful read covers every byte"),
    DATA_FRAGMENTED("a read that must not be fragmented comes in one chunk"),
    DATA_TOO_SCATTERED("a read comes in a bounded number of separate pieces"),
    STATUS_TYPE("block status comes in the type of the negotiated headers"),
    STATUS_COUNT("block status has as many descriptors as it says, and at least one"),
    STATUS_TOO_MANY("block status has at most 2^20 descriptors a chunk"),
    STATUS_CONTEXT_UNKNOWN("block status is of a granted context"),
    STATUS_CONTEXT_DOUBLED("block status has one chunk for each context"),
    STATUS_CONTEXT_MISSING("block status covers every granted context"),
    STATUS_EXTENT_EMPTY("an extent is not empty"),
    STATUS_OVERFLOW("extents stay below 2^63 bytes"),
    STATUS_NOT_ONE("a request for one extent gets one for each context, no longer than asked"),
    STATUS_ROUNDS("block status of a range comes in a bounded number of replies"),
    ERROR_ZERO("an error chunk carries an error"),
    ERROR_MESSAGE("an error's message fits into its chunk"),
    ERROR_OFFSET("an error's offset lies within its request");

    private final String rule;

    Violation(String rule) {
        this.rule = rule;
    }

    /** What a correct peer does. */
    public String rule() {
        return rule;
    }
}
