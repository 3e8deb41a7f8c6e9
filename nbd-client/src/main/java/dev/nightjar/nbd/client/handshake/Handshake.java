package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.client.handshake.GoExchange.Opened;
import dev.nightjar.nbd.protocol.Greeting;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionError;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.List;
import java.util.Map;

/**
 * A client's side of the fixed newstyle handshake, once over one wire; blocks. In this order:
 *
 * <pre>
 * greeting → EXTENDED_HEADERS → STRUCTURED_REPLY → SET_META_CONTEXT → GO
 *            (on any error ↗     on any error: simple)               ↘ EXPORT_NAME, only if GO is not supported
 * </pre>
 *
 * <p>Every method throws {@link ViolationException}, {@link RefusedException} or {@link PeerClosedException}, and what the wire
 * throws; the connection is to be closed then.
 */
public final class Handshake {

    private final HandshakeWire wire;
    private final OptionExchange options;

    public Handshake(HandshakeWire wire) {
        this.wire = wire;
        this.options = new OptionExchange(wire);
    }

    /**
     * Up to the beginning of transmission.
     *
     * @throws ContextsMissingException if a required metadata context is not granted
     */
    public Negotiated negotiate(Wanted wanted) {
        Greeting greeting = new GreetingExchange(wire).greet();
        ContextExchange contexts = new ContextExchange(options);
        if (!greeting.fixedNewstyle()) {
            contexts.select(wanted, ReplyMode.SIMPLE);
            return agreed(ReplyMode.SIMPLE, new ExportNameExchange(wire).open(wanted.export(), greeting), Map.of());
        }
        ReplyMode mode = new ModeExchange(options).agree(wanted.highestMode());
        Map<Long, String> granted = contexts.select(wanted, mode);
        Opened opened = new GoExchange(options).go(wanted.export());
        if (opened == null && mode.extendedHeaders()) {
            throw new RefusedException(OptionCode.GO, OptionError.UNSUPPORTED, "");
        }
        return agreed(
                mode, opened == null ? new ExportNameExchange(wire).open(wanted.export(), greeting) : opened, granted);
    }

    private static Negotiated agreed(ReplyMode mode, Opened opened, Map<Long, String> contexts) {
        return new Negotiated(mode, opened.export().size(), opened.export().flags(), opened.blockSizes(), contexts);
    }

    /** The server's exports; the connection is of no further use. */
    public List<OptionReply.Server> list() {
        optionsOnly(OptionCode.LIST);
        List<OptionReply.Server> exports = new ListExchange(options).list();
        abort();
        return exports;
    }

    /** The metadata contexts that the server offers for an export; the connection is of no further use. */
    public List<String> offeredContexts(String export) {
        optionsOnly(OptionCode.LIST_META_CONTEXT);
        List<String> offered = new ModeExchange(options).agree(ReplyMode.STRUCTURED) == ReplyMode.SIMPLE
                ? List.of()
                : new ContextExchange(options).offered(export);
        abort();
        return offered;
    }

    private void optionsOnly(int option) {
        if (!new GreetingExchange(wire).greet().fixedNewstyle()) {
            throw new RefusedException(option, OptionError.UNSUPPORTED, "not a fixed newstyle server");
        }
    }

    /** A farewell; the server may or may not acknowledge it. */
    private void abort() {
        wire.send(new Option.Plain(OptionCode.ABORT)::encode);
    }
}
