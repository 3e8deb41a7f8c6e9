package dev.nightjar.nbd.server;

import static dev.nightjar.nbd.protocol.Command.BLOCK_STATUS;
import static dev.nightjar.nbd.protocol.Command.CACHE;
import static dev.nightjar.nbd.protocol.Command.FLUSH;
import static dev.nightjar.nbd.protocol.Command.READ;
import static dev.nightjar.nbd.protocol.Command.TRIM;
import static dev.nightjar.nbd.protocol.Command.WRITE;
import static dev.nightjar.nbd.protocol.Command.WRITE_ZEROES;
import static dev.nightjar.nbd.protocol.CommandFlags.DF;
import static dev.nightjar.nbd.protocol.CommandFlags.FAST_ZERO;
import static dev.nightjar.nbd.protocol.CommandFlags.NO_HOLE;
import static dev.nightjar.nbd.protocol.CommandFlags.PAYLOAD_LEN;
import static dev.nightjar.nbd.protocol.CommandFlags.REQ_ONE;
import static dev.nightjar.nbd.protocol.ReplyMode.EXTENDED;
import static dev.nightjar.nbd.protocol.ReplyMode.SIMPLE;
import static dev.nightjar.nbd.protocol.ReplyMode.STRUCTURED;
import static dev.nightjar.nbd.server.HostileCase.closed;
import static dev.nightjar.nbd.server.HostileCase.failed;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.nbd.server.handshake.OptionRule;
import dev.nightjar.nbd.server.transmission.RequestRule;
import java.util.List;

/** Breaches in transmission. */
final class HostileRequests {

    static final int SIZE = 1 << 20;
    private static final String BASE = ServedDisk.BASE_ALLOCATION;
    private static final int MAXIMUM = 32 << 20;

    private HostileRequests() {}

    static List<HostileCase> cases() {
        return List.of(
                closed(
                        Violation.REQUEST_MAGIC,
                        "another protocol",
                        c -> c.enter(SIMPLE, "disk")
                                .bytes(out -> out.writeBytes(
                                        "GET /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8)))),
                closed(
                        Violation.REQUEST_MAGIC,
                        "an extended request on compact headers",
                        c -> c.enter(STRUCTURED, "disk")
                                .hex("21e41c71 0000 0000 0000000000000001 0000000000000000 0000000000000200")),
                closed(
                        Violation.REQUEST_MAGIC,
                        "a compact request on extended headers",
                        c -> c.enter(EXTENDED, "disk")
                                .hex("25609513 0000 0000 0000000000000001 0000000000000000 00000200")
                                .hex("25609513")),
                closed(
                        Violation.REQUEST_MAGIC,
                        "a reply instead of a request",
                        c -> c.enter(SIMPLE, "disk")
                                .hex("67446698 00000000 0000000000000001 000000000000000000000000")),
                closed(
                        Violation.REQUEST_MAGIC,
                        "an option in transmission",
                        c -> c.enter(SIMPLE, "disk").optionHeader(2, 0).zeros(32)),
                closed(
                        Violation.REQUEST_MAGIC,
                        "a write with more data than announced",
                        c -> c.enter(EXTENDED, "disk")
                                .request(WRITE, PAYLOAD_LEN, 0, 512)
                                .zeros(1024)),
                closed(
                        Violation.REQUEST_PAYLOAD,
                        "a write of more than 32 MiB",
                        c -> c.enter(SIMPLE, "disk").request(WRITE, 0, 0, MAXIMUM + 1)),
                closed(
                        Violation.REQUEST_PAYLOAD,
                        "a write of 2^32-1 bytes",
                        c -> c.enter(STRUCTURED, "disk").request(WRITE, 0, 0, 0xffff_ffffL)),
                closed(
                        Violation.REQUEST_PAYLOAD,
                        "a write of 2^63 bytes",
                        c -> c.enter(EXTENDED, "disk").request(WRITE, PAYLOAD_LEN, 0, Long.MIN_VALUE)),
                closed(
                        Violation.REQUEST_PAYLOAD,
                        "a write to what is read-only of 2^32-1 bytes",
                        c -> c.enter(SIMPLE, "frozen").request(WRITE, 0, 0, 0xffff_ffffL)),
                closed(
                        Violation.REQUEST_PAYLOAD,
                        "a filter of 2^64-1 bytes",
                        c -> c.enter(EXTENDED, "disk", BASE).request(BLOCK_STATUS, PAYLOAD_LEN, 0, -1)),
                closed(
                        Violation.REQUEST_PAYLOAD,
                        "an unknown command with 64 MiB",
                        c -> c.enter(EXTENDED, "disk").request(99, PAYLOAD_LEN, 0, 64 << 20)),
                failed(
                        RequestRule.COMMAND_UNKNOWN,
                        "command 8",
                        c -> c.enter(SIMPLE, "disk").request(8, 0, 0, 512)),
                failed(
                        RequestRule.COMMAND_UNKNOWN,
                        "the highest command",
                        c -> c.enter(STRUCTURED, "disk").request(0xffff, 0, 0, 512)),
                failed(
                        RequestRule.COMMAND_UNKNOWN,
                        "one with a payload, which is dropped",
                        c -> c.enter(EXTENDED, "disk")
                                .request(99, PAYLOAD_LEN, 0, 100_000)
                                .zeros(100_000)),
                failed(
                        RequestRule.READ_ONLY,
                        "a write, whose data is dropped",
                        c -> c.enter(SIMPLE, "frozen").request(WRITE, 0, 0, 512).zeros(512)),
                failed(
                        RequestRule.READ_ONLY,
                        "a write of 2 MiB",
                        c -> c.enter(EXTENDED, "frozen")
                                .request(WRITE, PAYLOAD_LEN, 0, 2 << 20)
                                .zeros(2 << 20)),
                failed(
                        RequestRule.READ_ONLY,
                        "a trim",
                        c -> c.enter(STRUCTURED, "frozen").request(TRIM, 0, 0, 512)),
                failed(
                        RequestRule.READ_ONLY,
                        "zeros",
                        c -> c.enter(EXTENDED, "frozen").request(WRITE_ZEROES, 0, 0, 512)),
                failed(
                        RequestRule.FLAG_UNKNOWN,
                        "a read with DF and simple replies",
                        c -> c.enter(SIMPLE, "disk").request(READ, DF, 0, 512)),
                failed(
                        RequestRule.FLAG_UNKNOWN,
                        "a read with REQ_ONE",
                        c -> c.enter(STRUCTURED, "disk").request(READ, REQ_ONE, 0, 512)),
                failed(
                        RequestRule.FLAG_UNKNOWN,
                        "a read with the highest flag",
                        c -> c.enter(EXTENDED, "disk").request(READ, 0x8000, 0, 512)),
                failed(
                        RequestRule.FLAG_UNKNOWN,
                        "a write with DF, whose data is dropped",
                        c -> c.enter(EXTENDED, "disk")
                                .request(WRITE, PAYLOAD_LEN | DF, 0, 512)
                                .zeros(512)),
                failed(
                        RequestRule.FLAG_UNKNOWN,
                        "a compact write with the payload flag",
                        c -> c.enter(STRUCTURED, "disk")
                                .request(WRITE, PAYLOAD_LEN, 0, 512)
                                .zeros(512)),
                failed(
                        RequestRule.FLAG_UNKNOWN,
                        "a flush with NO_HOLE",
                        c -> c.enter(STRUCTURED, "disk").request(FLUSH, NO_HOLE, 0, 0)),
                failed(
                        RequestRule.FLAG_UNKNOWN,
                        "a trim with FAST_ZERO",
                        c -> c.enter(STRUCTURED, "disk").request(TRIM, FAST_ZERO, 0, 512)),
                failed(
                        RequestRule.FLAG_UNKNOWN,
                        "block status with DF",
                        c -> c.enter(STRUCTURED, "disk", BASE).request(BLOCK_STATUS, DF, 0, 512)),
                failed(
                        RequestRule.PAYLOAD_UNEXPECTED,
                        "a read with a payload, which is dropped",
                        c -> c.enter(EXTENDED, "disk")
                                .request(READ, PAYLOAD_LEN, 0, 4096)
                                .zeros(4096)),
                failed(
                        RequestRule.PAYLOAD_UNEXPECTED,
                        "a flush with a payload",
                        c -> c.enter(EXTENDED, "disk")
                                .request(FLUSH, PAYLOAD_LEN, 0, 16)
                                .zeros(16)),
                failed(
                        RequestRule.PAYLOAD_UNEXPECTED,
                        "zeros with a payload",
                        c -> c.enter(EXTENDED, "disk")
                                .request(WRITE_ZEROES, PAYLOAD_LEN, 0, 16)
                                .zeros(16)),
                failed(
                        RequestRule.FLUSH_WITH_RANGE,
                        "a flush of some bytes",
                        c -> c.enter(STRUCTURED, "disk").request(FLUSH, 0, 0, 512)),
                failed(
                        RequestRule.FLUSH_WITH_RANGE,
                        "a flush at an offset",
                        c -> c.enter(EXTENDED, "disk").request(FLUSH, 0, 512, 0)),
                failed(
                        RequestRule.OUT_OF_RANGE,
                        "a read one byte past the end",
                        c -> c.enter(SIMPLE, "disk").request(READ, 0, 1, SIZE)),
                failed(
                        RequestRule.OUT_OF_RANGE,
                        "a read at the last offset there is",
                        c -> c.enter(STRUCTURED, "disk").request(READ, 0, -1, 1)),
                failed(
                        RequestRule.OUT_OF_RANGE,
                        "a read whose end overflows",
                        c -> c.enter(EXTENDED, "disk").request(READ, 0, Long.MAX_VALUE - 511, 1024)),
                failed(
                        RequestRule.OUT_OF_RANGE,
                        "a trim past the end",
                        c -> c.enter(STRUCTURED, "disk").request(TRIM, 0, SIZE - 512, 1024)),
                failed(
                        RequestRule.OUT_OF_RANGE,
                        "a trim of 2^64-1 bytes",
                        c -> c.enter(EXTENDED, "disk").request(TRIM, 0, 512, -1)),
                failed(
                        RequestRule.OUT_OF_RANGE,
                        "block status of 2^63 bytes",
                        c -> c.enter(EXTENDED, "disk", BASE).request(BLOCK_STATUS, 0, 0, Long.MIN_VALUE)),
                failed(
                        RequestRule.OUT_OF_RANGE,
                        "a filter with a length past the end",
                        c -> c.enter(EXTENDED, "disk", BASE)
                                .request(BLOCK_STATUS, PAYLOAD_LEN, 0, 12)
                                .hex("ffffffffffffffff 00000001")),
                failed(
                        RequestRule.BEYOND_END,
                        "a write one byte past the end",
                        c -> c.enter(EXTENDED, "disk")
                                .request(WRITE, PAYLOAD_LEN, SIZE - 511, 512)
                                .zeros(512)),
                failed(
                        RequestRule.BEYOND_END,
                        "zeros of 2^63 bytes",
                        c -> c.enter(EXTENDED, "disk").request(WRITE_ZEROES, 0, 0, Long.MIN_VALUE)),
                failed(
                        RequestRule.BEYOND_END,
                        "zeros of 2^32-1 bytes",
                        c -> c.enter(SIMPLE, "disk").request(WRITE_ZEROES, 0, 0, 0xffff_ffffL)),
                failed(
                        RequestRule.UNALIGNED,
                        "a read at an odd offset",
                        c -> c.enter(STRUCTURED, "aligned").request(READ, 0, 1, 4096)),
                failed(
                        RequestRule.UNALIGNED,
                        "a read of half a block",
                        c -> c.enter(EXTENDED, "aligned").request(READ, 0, 0, 2048)),
                failed(
                        RequestRule.UNALIGNED,
                        "a write of half a block",
                        c -> c.enter(EXTENDED, "aligned")
                                .request(WRITE, PAYLOAD_LEN, 0, 2048)
                                .zeros(2048)),
                failed(
                        RequestRule.UNALIGNED,
                        "block status of half a block",
                        c -> c.enter(EXTENDED, "aligned", BASE).request(BLOCK_STATUS, 0, 2048, 4096)),
                failed(
                        RequestRule.TOO_LONG,
                        "a read of 2^32-1 bytes",
                        c -> c.enter(SIMPLE, "disk").request(READ, 0, 0, 0xffff_ffffL)),
                failed(
                        RequestRule.TOO_LONG,
                        "a read of 2^64-1 bytes",
                        c -> c.enter(EXTENDED, "disk").request(READ, 0, 0, -1)),
                failed(
                        RequestRule.TOO_LONG,
                        "a write longer than this export allows",
                        c -> c.enter(EXTENDED, "aligned")
                                .request(WRITE, PAYLOAD_LEN, 0, 128 << 10)
                                .zeros(128 << 10)),
                failed(
                        RequestRule.TOO_LONG_FOR_ONE_CHUNK,
                        "a read of more than 32 MiB with DF",
                        c -> c.enter(EXTENDED, "disk").request(READ, DF, 0, MAXIMUM + 1)),
                failed(
                        RequestRule.STATUS_WITHOUT_CONTEXT,
                        "block status with simple replies",
                        c -> c.enter(SIMPLE, "disk").request(BLOCK_STATUS, 0, 0, 512)),
                failed(
                        RequestRule.STATUS_WITHOUT_CONTEXT,
                        "block status without a context",
                        c -> c.enter(EXTENDED, "disk").request(BLOCK_STATUS, 0, 0, 512)),
                failed(
                        RequestRule.STATUS_WITHOUT_CONTEXT,
                        "a context of another export",
                        c -> c.greet()
                                .agree(EXTENDED)
                                .setContexts("frozen", BASE)
                                .expectAck()
                                .go("disk")
                                .expectAck()
                                .request(BLOCK_STATUS, 0, 0, 512)),
                failed(
                        RequestRule.STATUS_WITHOUT_CONTEXT,
                        "a context that a later, failed choice has undone",
                        c -> c.greet()
                                .agree(EXTENDED)
                                .setContexts("disk", BASE)
                                .expectAck()
                                .setContexts("nothing", BASE)
                                .expectRefusal(OptionRule.EXPORT_UNKNOWN)
                                .go("disk")
                                .expectAck()
                                .request(BLOCK_STATUS, 0, 0, 512)),
                failed(
                        RequestRule.STATUS_EMPTY,
                        "block status of nothing",
                        c -> c.enter(STRUCTURED, "disk", BASE).request(BLOCK_STATUS, 0, 0, 0)),
                failed(
                        RequestRule.STATUS_EMPTY,
                        "a filter of nothing",
                        c -> c.enter(EXTENDED, "disk", BASE)
                                .request(BLOCK_STATUS, PAYLOAD_LEN, 0, 12)
                                .hex("0000000000000000 00000001")),
                failed(
                        RequestRule.STATUS_FILTER_LAYOUT,
                        "a filter without a context",
                        c -> c.enter(EXTENDED, "disk", BASE)
                                .request(BLOCK_STATUS, PAYLOAD_LEN, 0, 8)
                                .hex("0000000000000200")),
                failed(
                        RequestRule.STATUS_FILTER_LAYOUT,
                        "a filter with half a context",
                        c -> c.enter(EXTENDED, "disk", BASE, MemoryDisk.DIRTY)
                                .request(BLOCK_STATUS, PAYLOAD_LEN, 0, 14)
                                .hex("0000000000000200 00000001 0000")),
                failed(
                        RequestRule.STATUS_FILTER_LAYOUT,
                        "a filter with 1000 contexts",
                        c -> c.enter(EXTENDED, "disk", BASE)
                                .request(BLOCK_STATUS, PAYLOAD_LEN, 0, 4008)
                                .zeros(4008)),
                failed(
                        RequestRule.STATUS_FILTER_CONTEXT,
                        "a filter with an unknown context",
                        c -> c.enter(EXTENDED, "disk", BASE)
                                .request(BLOCK_STATUS, PAYLOAD_LEN, 0, 12)
                                .hex("0000000000000200 00000002")),
                failed(
                        RequestRule.STATUS_FILTER_CONTEXT,
                        "a filter with one context twice",
                        c -> c.enter(EXTENDED, "disk", BASE, MemoryDisk.DIRTY)
                                .request(BLOCK_STATUS, PAYLOAD_LEN, 0, 16)
                                .hex("0000000000000200 00000001 00000001")),
                failed(
                        RequestRule.NOT_FAST,
                        "fast zeros where they are slow",
                        c -> c.enter(EXTENDED, "aligned").request(WRITE_ZEROES, FAST_ZERO, 0, 4096)),
                failed(
                        RequestRule.CACHE_NOT_OFFERED,
                        "a cache that was not offered",
                        c -> c.enter(EXTENDED, "disk").request(CACHE, 0, 0, 512)));
    }
}
