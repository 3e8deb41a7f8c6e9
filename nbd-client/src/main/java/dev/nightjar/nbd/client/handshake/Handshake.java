package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.client.handshake.DescribeExchange.Opened;
import dev.nightjar.nbd.client.tls.TlsUse;
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
 * greeting → STARTTLS → EXTENDED_HEADERS → STRUCTURED_REPLY → SET_META_CONTEXT → GO
 *            (if wanted) (on any error ↗     on any error: simple)               ↘ EXPORT_NAME, only if GO is not supported
 * </pre>
 *
 * <p>Every method throws {@link ViolationException}, {@link RefusedException}, {@link PeerClosedException} or {@link
 * dev.nightjar.nbd.client.tls.TlsException}, and what the wire throws; the connection is to be closed then.
 */
public final class Handshake {

    private final HandshakeWire wire;
    private final OptionExchange options;
    private final TlsUse encryption;

    public Handshake(HandshakeWire wire, TlsUse encryption) {
        this.wire = wire;
        this.options = new OptionExchange(wire);
        this.encryption = encryption;
    }

    /**
     * Up to the beginning of transmission.
     *
     * @throws ContextsMissingException if a required metadata context is not granted
     */
    public Negotiated negotiate(Wanted wanted) {
        Greeting greeting = new GreetingExchange(wire).greet();
        boolean encrypted = new EncryptionExchange(wire, options).begin(encryption, greeting);
        ContextExchange contexts = new ContextExchange(options);
        if (!greeting.fixedNewstyle()) {
            contexts.select(wanted, ReplyMode.SIMPLE);
            Opened opened = new ExportNameExchange(wire).open(wanted.export(), greeting);
            return agreed(ReplyMode.SIMPLE, opened, Map.of(), encrypted);
        }
        ReplyMode mode = new ModeExchange(options).agree(wanted.highestMode());
        Map<Long, String> granted = contexts.select(wanted, mode);
        Opened opened = new DescribeExchange(options).ask(OptionCode.GO, wanted.export());
        if (opened == null && mode.extendedHeaders()) {
            throw new RefusedException(OptionCode.GO, OptionError.UNSUPPORTED, "");
        }
        return agreed(
                mode,
                opened == null ? new ExportNameExchange(wire).open(wanted.export(), greeting) : opened,
                granted,
                encrypted);
    }

    private static Negotiated agreed(ReplyMode mode, Opened opened, Map<Long, String> contexts, boolean encrypted) {
        return new Negotiated(
                mode,
                opened.export().size(),
                opened.export().flags(),
                opened.blockSizes(),
                contexts,
                opened.description(),
                encrypted);
    }

    /** The server's exports; the connection is of no further use. */
    public List<OptionReply.Server> list() {
        optionsOnly(OptionCode.LIST);
        List<OptionReply.Server> exports = new ListExchange(options).list();
        abort();
        return exports;
    }

    /**
     * The metadata contexts that the server offers for an export; the connection is of no further use.
     *
     * @param queries what to list; none of them means everything
     */
    public List<String> offeredContexts(String export, List<String> queries) {
        optionsOnly(OptionCode.LIST_META_CONTEXT);
        List<String> offered = new ModeExchange(options).agree(ReplyMode.STRUCTURED) == ReplyMode.SIMPLE
                ? List.of()
                : new ContextExchange(options).offered(export, queries);
        abort();
        return offered;
    }

    /** What an export is, without opening it; the connection is of no further use. */
    public Negotiated describe(String export, ReplyMode highestMode) {
        boolean encrypted = optionsOnly(OptionCode.INFO);
        ReplyMode mode = new ModeExchange(options).agree(highestMode);
        Opened opened = new DescribeExchange(options).ask(OptionCode.INFO, export);
        if (opened == null) {
            throw new RefusedException(OptionCode.INFO, OptionError.UNSUPPORTED, "");
        }
        abort();
        return agreed(mode, opened, Map.of(), encrypted);
    }

    private boolean optionsOnly(int option) {
        Greeting greeting = new GreetingExchange(wire).greet();
        boolean encrypted = new EncryptionExchange(wire, options).begin(encryption, greeting);
        if (!greeting.fixedNewstyle()) {
            throw new RefusedException(option, OptionError.UNSUPPORTED, "not a fixed newstyle server");
        }
        return encrypted;
    }

    /** A farewell; the server may or may not acknowledge it. */
    private void abort() {
        wire.send(new Option.Plain(OptionCode.ABORT)::encode);
    }
}
