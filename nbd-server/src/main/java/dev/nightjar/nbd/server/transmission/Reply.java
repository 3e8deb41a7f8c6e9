package dev.nightjar.nbd.server.transmission;

import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.server.export.ServedDisk.Piece;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** What a request comes to. Owns its buffers until {@link ReplyEncoder} takes them over. */
public sealed interface Reply {

    Reply DONE = new Done();

    /** Done, with nothing to tell. */
    record Done() implements Reply {}

    /** What was read, back to back. */
    record Content(List<Piece> pieces) implements Reply {}

    /** Payloads of block status, one for each context. */
    record Statuses(List<ByteBuf> payloads) implements Reply {}

    /** Not done. */
    record Failed(Errno errno, String message) implements Reply {
        Failed(RequestRule rule) {
            this(rule.errno(), rule.message());
        }
    }
}
