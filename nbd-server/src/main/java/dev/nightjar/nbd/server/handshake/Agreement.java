package dev.nightjar.nbd.server.handshake;

import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.server.export.ServedExport;
import java.util.List;

/**
 * What client and server have agreed on when transmission begins.
 *
 * @param contexts in the order of their ids; empty if the client wants none
 */
public record Agreement(ServedExport export, ReplyMode mode, List<GrantedContext> contexts) {

    public Agreement {
        contexts = List.copyOf(contexts);
    }
}
