package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionReply;
import java.util.List;

/** Lists the exports of a server. */
final class ListExchange {

    /** Most exports of one server. */
    private static final int EXPORTS_LIMIT = 65_536;

    private final OptionExchange options;

    ListExchange(OptionExchange options) {
        this.options = options;
    }

    List<OptionReply.Server> list() {
        var answer = options.ask(new Option.Plain(OptionCode.LIST), OptionReply.Server.class, EXPORTS_LIMIT);
        OptionReply.Refusal refusal = answer.refusal();
        if (refusal != null) {
            throw new RefusedException(OptionCode.LIST, refusal.error(), refusal.message());
        }
        return answer.replies();
    }
}
