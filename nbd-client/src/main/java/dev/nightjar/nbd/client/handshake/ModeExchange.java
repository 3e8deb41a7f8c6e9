package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.ReplyMode;

/** Agrees on the best reply mode: EXTENDED_HEADERS; on any error STRUCTURED_REPLY; on any error simple replies. */
final class ModeExchange {

    private final OptionExchange options;

    ModeExchange(OptionExchange options) {
        this.options = options;
    }

    ReplyMode agree(ReplyMode highest) {
        if (highest == ReplyMode.EXTENDED && granted(OptionCode.EXTENDED_HEADERS)) {
            return ReplyMode.EXTENDED;
        }
        if (highest != ReplyMode.SIMPLE && granted(OptionCode.STRUCTURED_REPLY)) {
            return ReplyMode.STRUCTURED;
        }
        return ReplyMode.SIMPLE;
    }

    private boolean granted(int option) {
        return options.ask(new Option.Plain(option)).refusal() == null;
    }
}
