package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.OptionReplyHeader;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends one option and collects its replies up to the one that ends them. The frame of every negotiation step. */
final class OptionExchange {

    private final HandshakeWire wire;

    OptionExchange(HandshakeWire wire) {
        this.wire = wire;
    }

    /**
     * All replies before the last, and the refusal if that is what ended them.
     *
     * @param refusal null if the server acknowledged
     */
    record Answer<R extends OptionReply>(List<R> replies, OptionReply.@Nullable Refusal refusal) {}

    /** An option that is only acknowledged or refused. */
    Answer<OptionReply.Ack> ask(Option option) {
        return ask(option, OptionReply.Ack.class, 0);
    }

    /**
     * An option that is answered with replies of one type.
     *
     * @param limit most replies before the one that ends them
     */
    <R extends OptionReply> Answer<R> ask(Option option, Class<R> expected, int limit) {
        wire.send(option::encode);
        List<R> replies = new ArrayList<>();
        long bytes = 0;
        while (true) {
            OptionReplyHeader header = header(option.code());
            bytes += header.length();
            if (bytes > Limits.OPTION_REPLIES_BYTES) {
                throw new ViolationException(
                        Violation.OPTION_REPLIES_TOO_MANY,
                        "more than %d bytes in reply to %s"
                                .formatted(Limits.OPTION_REPLIES_BYTES, OptionCode.name(option.code())));
            }
            OptionReply reply = wire.receive(header.length(), body -> OptionReply.decode(header, body));
            if (reply instanceof OptionReply.Refusal refusal) {
                return new Answer<>(replies, refusal);
            }
            if (reply instanceof OptionReply.Ack) {
                return new Answer<>(replies, null);
            }
            if (!expected.isInstance(reply)) {
                throw new ViolationException(
                        Violation.OPTION_REPLY_UNEXPECTED,
                        "type " + reply.type() + " in reply to " + OptionCode.name(option.code()));
            }
            if (replies.size() == limit) {
                throw new ViolationException(
                        Violation.OPTION_REPLIES_TOO_MANY,
                        "more than " + limit + " in reply to " + OptionCode.name(option.code()));
            }
            replies.add(expected.cast(reply));
        }
    }

    private OptionReplyHeader header(int option) {
        OptionReplyHeader header = wire.receive(OptionReplyHeader.BYTES, OptionReplyHeader::decode);
        if (header.option() != option) {
            throw new ViolationException(
                    Violation.OPTION_REPLY_FOREIGN,
                    OptionCode.name(header.option()) + " instead of " + OptionCode.name(option));
        }
        return header;
    }
}
