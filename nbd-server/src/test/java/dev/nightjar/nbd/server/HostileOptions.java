package dev.nightjar.nbd.server;

import static dev.nightjar.nbd.protocol.OptionCode.EXTENDED_HEADERS;
import static dev.nightjar.nbd.protocol.OptionCode.GO;
import static dev.nightjar.nbd.protocol.OptionCode.INFO;
import static dev.nightjar.nbd.protocol.OptionCode.LIST;
import static dev.nightjar.nbd.protocol.OptionCode.LIST_META_CONTEXT;
import static dev.nightjar.nbd.protocol.OptionCode.SET_META_CONTEXT;
import static dev.nightjar.nbd.protocol.OptionCode.STARTTLS;
import static dev.nightjar.nbd.protocol.OptionCode.STRUCTURED_REPLY;
import static dev.nightjar.nbd.server.HostileCase.closed;
import static dev.nightjar.nbd.server.HostileCase.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.server.handshake.Negotiation;
import dev.nightjar.nbd.server.handshake.OptionRule;
import java.util.List;

/** Breaches in the handshake, without TLS. */
final class HostileOptions {

    /** "disk", sized. */
    private static final String DISK = "00000004 6469736b ";

    private HostileOptions() {}

    static List<HostileCase> cases() {
        return List.of(
                closed(Violation.CLIENT_FLAGS, "a flag that was not offered", c -> c.greet(7)),
                closed(Violation.CLIENT_FLAGS, "all flags", c -> c.greet(-1)),
                closed(
                        Violation.OPTION_MAGIC,
                        "another protocol",
                        c -> c.greet()
                                .bytes(out -> out.writeBytes(
                                        "GET /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8)))),
                closed(
                        Violation.OPTION_MAGIC,
                        "more data than announced",
                        c -> c.greet().optionHeader(LIST, 0).hex("00 01020304 05060708 090a0b0c 0d0e0f10")),
                closed(
                        Violation.OPTION_TOO_LONG,
                        "4 GiB of export name",
                        c -> c.greet().optionHeader(GO, -1)),
                closed(
                        Violation.OPTION_TOO_LONG,
                        "64 KiB and one byte",
                        c -> c.greet().optionHeader(77, (64 << 10) + 1)),
                closed(Violation.OPTIONS_TOO_MANY, "options without end", c -> {
                    c.greet();
                    for (int i = 0; i < Negotiation.MOST_OPTIONS; i++) {
                        c.option(99, "").expectRefusal(OptionRule.OPTION_UNKNOWN);
                    }
                    c.option(99, "");
                }),
                closed(
                        Violation.OPTION_WITHOUT_REPLY,
                        "LIST by a client of the oldest kind",
                        c -> c.greet(0).option(LIST)),
                closed(
                        Violation.EXPORT_NAME_UNUSABLE,
                        "an export that does not exist",
                        c -> c.greet().option(new Option.ExportName("nothing"))),
                closed(
                        Violation.EXPORT_NAME_UNUSABLE,
                        "with extended headers",
                        c -> c.greet().agree(ReplyMode.EXTENDED).option(new Option.ExportName("disk"))),
                closed(
                        Violation.EXPORT_NAME_UNUSABLE,
                        "an export that cannot be opened",
                        c -> c.greet().option(new Option.ExportName("broken"))),
                closed(
                        Violation.TEXT_MALFORMED,
                        "EXPORT_NAME of 4097 bytes",
                        c -> c.greet().option(1, "61".repeat(4097))),
                closed(
                        Violation.TEXT_MALFORMED,
                        "EXPORT_NAME that is not UTF-8",
                        c -> c.greet().option(1, "64c328")),
                closed(
                        Violation.TEXT_MALFORMED,
                        "EXPORT_NAME with NUL",
                        c -> c.greet().option(1, "6469736b00")),
                refused(OptionRule.TLS_NOT_OFFERED, "STARTTLS", c -> c.greet().option(STARTTLS)),
                refused(
                        OptionRule.OPTION_UNKNOWN,
                        "PEEK_EXPORT, which was withdrawn",
                        c -> c.greet().option(4, "")),
                refused(OptionRule.OPTION_UNKNOWN, "option 0", c -> c.greet().option(0, "")),
                refused(
                        OptionRule.OPTION_UNKNOWN,
                        "the highest option, with data",
                        c -> c.greet().option(-1, "00".repeat(64 << 10))),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "LIST with data",
                        c -> c.greet().option(LIST, "00")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "STARTTLS with data",
                        c -> c.greet().option(STARTTLS, "00")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "STRUCTURED_REPLY with data",
                        c -> c.greet().option(STRUCTURED_REPLY, "00")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "EXTENDED_HEADERS with data",
                        c -> c.greet().option(EXTENDED_HEADERS, "00000000")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "GO without data",
                        c -> c.greet().option(GO, "")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "GO with a name longer than its data",
                        c -> c.greet().option(GO, "00000005 6469736b")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "GO with a name of 2^32-1 bytes",
                        c -> c.greet().option(GO, "ffffffff 6469736b 0000")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "GO with a name of 4097 bytes",
                        c -> c.greet().option(GO, "00001001" + "61".repeat(4097) + "0000")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "GO with a name that is not UTF-8",
                        c -> c.greet().option(GO, "00000002 c328 0000")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "GO with NUL in the name",
                        c -> c.greet().option(GO, "00000005 6469736b00 0000")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "GO without a count of items",
                        c -> c.greet().option(GO, DISK)),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "GO with fewer items than announced",
                        c -> c.greet().option(GO, DISK + "ffff 0003")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "INFO with bytes left over",
                        c -> c.greet().option(INFO, DISK + "0001 0003 00")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "SET_META_CONTEXT without data",
                        c -> c.greet().agree(ReplyMode.STRUCTURED).option(SET_META_CONTEXT, "")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "SET_META_CONTEXT with fewer queries than announced",
                        c -> c.greet().agree(ReplyMode.STRUCTURED).option(SET_META_CONTEXT, DISK + "ffffffff")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "SET_META_CONTEXT with a query longer than its data",
                        c -> c.greet()
                                .agree(ReplyMode.EXTENDED)
                                .option(SET_META_CONTEXT, DISK + "00000001 00000fff 626173653a")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "SET_META_CONTEXT with bytes left over",
                        c -> c.greet()
                                .agree(ReplyMode.EXTENDED)
                                .option(SET_META_CONTEXT, DISK + "00000001 00000005 626173653a 00")),
                refused(
                        OptionRule.OPTION_LAYOUT,
                        "LIST_META_CONTEXT with half a count",
                        c -> c.greet().agree(ReplyMode.STRUCTURED).option(LIST_META_CONTEXT, DISK + "0000")),
                refused(
                        OptionRule.STRUCTURED_TWICE,
                        "STRUCTURED_REPLY twice",
                        c -> c.greet().agree(ReplyMode.STRUCTURED).option(STRUCTURED_REPLY)),
                refused(
                        OptionRule.STRUCTURED_AFTER_EXTENDED,
                        "STRUCTURED_REPLY after EXTENDED_HEADERS",
                        c -> c.greet().agree(ReplyMode.EXTENDED).option(STRUCTURED_REPLY)),
                refused(
                        OptionRule.EXTENDED_TWICE,
                        "EXTENDED_HEADERS twice",
                        c -> c.greet().agree(ReplyMode.EXTENDED).option(EXTENDED_HEADERS)),
                refused(
                        OptionRule.CONTEXTS_UNSTRUCTURED,
                        "SET_META_CONTEXT with simple replies",
                        c -> c.greet().setContexts("disk", "base:allocation")),
                refused(
                        OptionRule.CONTEXTS_UNSTRUCTURED,
                        "LIST_META_CONTEXT with simple replies",
                        c -> c.greet().option(new Option.MetaContexts(LIST_META_CONTEXT, "disk", List.of()))),
                refused(
                        OptionRule.EXPORT_UNKNOWN,
                        "GO to nothing",
                        c -> c.greet().go("nothing")),
                refused(
                        OptionRule.EXPORT_UNKNOWN,
                        "GO to the default, where there are several",
                        c -> c.greet().go("")),
                refused(
                        OptionRule.EXPORT_UNKNOWN,
                        "INFO about nothing",
                        c -> c.greet().option(new Option.Describe(INFO, "nothing", List.of()))),
                refused(
                        OptionRule.EXPORT_UNKNOWN,
                        "SET_META_CONTEXT for nothing",
                        c -> c.greet().agree(ReplyMode.EXTENDED).setContexts("nothing", "base:allocation")),
                refused(
                        OptionRule.EXPORT_UNAVAILABLE,
                        "GO to what cannot be opened",
                        c -> c.greet().go("broken")),
                refused(
                        OptionRule.BLOCK_SIZES_IGNORED,
                        "GO to an aligned export without asking how",
                        c -> c.greet().option(new Option.Describe(GO, "aligned", List.of()))),
                refused(
                        OptionRule.BLOCK_SIZES_IGNORED,
                        "INFO about an aligned export likewise",
                        c -> c.greet().option(new Option.Describe(INFO, "aligned", List.of(1, 2)))));
    }
}
