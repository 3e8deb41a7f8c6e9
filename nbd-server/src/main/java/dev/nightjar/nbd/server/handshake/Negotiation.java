package dev.nightjar.nbd.server.handshake;

import dev.nightjar.nbd.protocol.ExportNameReply;
import dev.nightjar.nbd.protocol.Greeting;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionHeader;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import dev.nightjar.nbd.server.export.ExportDescription;
import dev.nightjar.nbd.server.export.Exports;
import dev.nightjar.nbd.server.export.ServedExport;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client's handshake: answers option after option, until one of them begins transmission. Opens nothing. Not thread-safe.
 * What breaks a rule that leaves no way to answer is a {@link ViolationException}: the connection has to be closed.
 */
public final class Negotiation {

    /** Options that one handshake may take; a real client needs about ten. */
    public static final int MOST_OPTIONS = 1024;

    private final Exports exports;
    private final TlsStance tls;
    private boolean encrypted;
    private boolean fixedNewstyle;
    private boolean noZeroes;
    private int options;

    private ReplyMode mode = ReplyMode.SIMPLE;
    private @Nullable ServedExport contextsOf;
    private List<GrantedContext> contexts = List.of();

    public Negotiation(Exports exports, TlsStance tls) {
        this.exports = exports;
        this.tls = tls;
    }

    /** What the server says first. */
    public static Greeting greeting() {
        return new Greeting(Greeting.FIXED_NEWSTYLE | Greeting.NO_ZEROES);
    }

    /** The client's answer to the greeting. */
    public void begin(int clientFlags) {
        if ((clientFlags & ~greeting().clientFlags()) != 0) {
            throw new ViolationException(Violation.CLIENT_FLAGS, "0x%08x came".formatted(clientFlags));
        }
        fixedNewstyle = (clientFlags & Greeting.FIXED_NEWSTYLE) != 0;
        noZeroes = (clientFlags & Greeting.NO_ZEROES) != 0;
    }

    /** The TLS handshake is over: whatever was agreed on before might be an attacker's. */
    public void encrypted() {
        encrypted = true;
        mode = ReplyMode.SIMPLE;
        contextsOf = null;
        contexts = List.of();
    }

    /**
     * Answers one option.
     *
     * @param data what the header announced; read, not released
     * @param out where the replies go
     */
    public Step answer(OptionHeader header, ByteBuf data, ByteBuf out) {
        if (++options > MOST_OPTIONS) {
            throw new ViolationException(Violation.OPTIONS_TOO_MANY, MOST_OPTIONS + " came");
        }
        int start = out.writerIndex();
        try {
            return header.code() == OptionCode.EXPORT_NAME ? exportName(header, data) : fixed(header, data, out);
        } catch (RefusedOptionException e) {
            // What was written before the refusal is not sent.
            out.writerIndex(start);
            new OptionReply.Refusal(e.rule().error(), e.rule().message()).encode(header.code(), out);
            return new Step.Next();
        }
    }

    /** The oldest way in: it cannot be refused but by closing. */
    private Step exportName(OptionHeader header, ByteBuf data) {
        boolean plain = tls == TlsStance.REQUIRED && !encrypted;
        if (plain || mode.extendedHeaders() || exports.closing()) {
            throw new ViolationException(
                    Violation.EXPORT_NAME_UNUSABLE, plain ? "not encrypted" : "with extended headers, or too late");
        }
        Option option = Option.decode(header, data);
        ServedExport export = option instanceof Option.ExportName(String name) ? exports.find(name) : null;
        if (export == null) {
            throw new ViolationException(Violation.EXPORT_NAME_UNUSABLE, "the export is unknown");
        }
        return new Step.Open(export, option);
    }

    private Step fixed(OptionHeader header, ByteBuf data, ByteBuf out) {
        if (!fixedNewstyle) {
            throw new ViolationException(Violation.OPTION_WITHOUT_REPLY, OptionCode.name(header.code()) + " came");
        }
        int code = header.code();
        if (code == OptionCode.ABORT) {
            return acknowledge(code, out, new Step.Leave());
        }
        require(encrypted || tls != TlsStance.REQUIRED || code == OptionCode.STARTTLS, OptionRule.TLS_FIRST);
        require(!exports.closing(), OptionRule.SERVER_CLOSING);
        return switch (decode(header, data)) {
            case Option.Plain plain -> plain(plain.code(), out);
            case Option.Describe describe -> describe(describe, out);
            case Option.MetaContexts asked -> metaContexts(asked, out);
            case Option.Unknown _ -> throw new RefusedOptionException(OptionRule.OPTION_UNKNOWN);
            // Went another way, above.
            case Option.ExportName _ -> throw new RefusedOptionException(OptionRule.OPTION_LAYOUT);
        };
    }

    private static Option decode(OptionHeader header, ByteBuf data) {
        try {
            return Option.decode(header, data);
        } catch (ViolationException e) {
            RefusedOptionException refused = new RefusedOptionException(OptionRule.OPTION_LAYOUT);
            refused.initCause(e);
            throw refused;
        }
    }

    private Step plain(int code, ByteBuf out) {
        return switch (code) {
            case OptionCode.STARTTLS -> startTls(out);
            case OptionCode.LIST -> list(out);
            case OptionCode.STRUCTURED_REPLY -> {
                require(!mode.extendedHeaders(), OptionRule.STRUCTURED_AFTER_EXTENDED);
                require(mode == ReplyMode.SIMPLE, OptionRule.STRUCTURED_TWICE);
                mode = ReplyMode.STRUCTURED;
                yield acknowledge(code, out, new Step.Next());
            }
            case OptionCode.EXTENDED_HEADERS -> {
                require(!mode.extendedHeaders(), OptionRule.EXTENDED_TWICE);
                mode = ReplyMode.EXTENDED;
                yield acknowledge(code, out, new Step.Next());
            }
            default -> throw new RefusedOptionException(OptionRule.OPTION_UNKNOWN);
        };
    }

    private Step startTls(ByteBuf out) {
        require(!encrypted, OptionRule.TLS_TWICE);
        require(tls != TlsStance.OFF, OptionRule.TLS_NOT_OFFERED);
        return acknowledge(OptionCode.STARTTLS, out, new Step.Encrypt());
    }

    private Step list(ByteBuf out) {
        for (ExportDescription export : exports.descriptions()) {
            new OptionReply.Server(export.name(), export.description()).encode(OptionCode.LIST, out);
        }
        return acknowledge(OptionCode.LIST, out, new Step.Next());
    }

    private Step describe(Option.Describe asked, ByteBuf out) {
        ServedExport export = find(asked.export());
        boolean aligned = export.description().blockSizes().minimum() > 1;
        require(!aligned || asked.items().contains(InfoItem.BLOCK_SIZE), OptionRule.BLOCK_SIZES_IGNORED);
        if (asked.code() == OptionCode.GO) {
            return new Step.Open(export, asked);
        }
        tell(asked, export, out);
        return acknowledge(asked.code(), out, new Step.Next());
    }

    private void tell(Option.Describe asked, ServedExport export, ByteBuf out) {
        for (InfoItem item : ExportAnswers.items(export.description(), mode, asked.items())) {
            new OptionReply.Item(item).encode(asked.code(), out);
        }
    }

    private Step metaContexts(Option.MetaContexts asked, ByteBuf out) {
        boolean set = asked.code() == OptionCode.SET_META_CONTEXT;
        if (set) {
            // Also if it fails: a set replaces the one before.
            contexts = List.of();
            contextsOf = null;
        }
        require(mode != ReplyMode.SIMPLE, OptionRule.CONTEXTS_UNSTRUCTURED);
        ServedExport export = find(asked.export());
        if (set) {
            contexts = ContextQueries.chosen(export.description(), asked.queries());
            contextsOf = export;
            contexts.forEach(
                    context -> new OptionReply.MetaContext(context.id(), context.name()).encode(asked.code(), out));
        } else {
            ContextQueries.listed(export.description(), asked.queries())
                    .forEach(name -> new OptionReply.MetaContext(0, name).encode(asked.code(), out));
        }
        return acknowledge(asked.code(), out, new Step.Next());
    }

    /** The disk of {@link Step.Open} is open: tells the client so. Transmission follows. */
    @SuppressWarnings(
            "ReferenceEquality") // the very export that the contexts were chosen for, not one of the same name
    public Agreement opened(Step.Open open, ByteBuf out) {
        ServedExport export = open.export();
        if (open.option() instanceof Option.Describe asked) {
            tell(asked, export, out);
            var _ = acknowledge(asked.code(), out, new Step.Next());
        } else {
            ExportDescription description = export.description();
            new ExportNameReply(description.sizeBytes(), ExportAnswers.flags(description, mode)).encode(out, noZeroes);
        }
        return new Agreement(export, mode, contextsOf == export ? contexts : List.of());
    }

    /**
     * The disk of {@link Step.Open} could not be opened: tells the client so, and the handshake goes on.
     *
     * @throws ViolationException if the option cannot be refused
     */
    public void unavailable(Step.Open open, ByteBuf out) {
        if (open.option().code() == OptionCode.EXPORT_NAME) {
            throw new ViolationException(Violation.EXPORT_NAME_UNUSABLE, "the export cannot be opened");
        }
        OptionRule rule = OptionRule.EXPORT_UNAVAILABLE;
        new OptionReply.Refusal(rule.error(), rule.message())
                .encode(open.option().code(), out);
    }

    private ServedExport find(String name) {
        ServedExport export = exports.find(name);
        if (export == null) {
            throw new RefusedOptionException(OptionRule.EXPORT_UNKNOWN);
        }
        return export;
    }

    private static Step acknowledge(int code, ByteBuf out, Step then) {
        new OptionReply.Ack().encode(code, out);
        return then;
    }

    private static void require(boolean condition, OptionRule otherwise) {
        if (!condition) {
            throw new RefusedOptionException(otherwise);
        }
    }
}
