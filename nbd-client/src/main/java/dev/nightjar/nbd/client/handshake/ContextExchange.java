package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionError;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.OptionReply.MetaContext;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Selects metadata contexts by SET_META_CONTEXT. A context that does not exist is an empty success on the wire, so what was
 * required is compared with what was granted, by name; ids mean nothing beyond this connection.
 */
final class ContextExchange {

    /** Most contexts that a server may list. */
    private static final int OFFERED_LIMIT = 1024;

    private final OptionExchange options;

    ContextExchange(OptionExchange options) {
        this.options = options;
    }

    /** Returns what was granted, id → name. */
    Map<Long, String> select(Wanted wanted, ReplyMode mode) {
        List<String> asked = wanted.contexts();
        if (asked.isEmpty()) {
            return Map.of();
        }
        if (mode == ReplyMode.SIMPLE) {
            require(wanted, Map.of(), "the server has simple replies only");
            return Map.of();
        }
        var option = new Option.MetaContexts(OptionCode.SET_META_CONTEXT, wanted.export(), asked);
        var answer = options.ask(option, MetaContext.class, asked.size());
        OptionReply.Refusal refusal = answer.refusal();
        if (refusal != null) {
            refuseUnknownExport(refusal);
            require(wanted, Map.of(), "the server refused SET_META_CONTEXT: " + refusal.error());
            return Map.of();
        }
        Map<Long, String> granted = checked(answer.replies(), asked);
        require(wanted, granted, "the server granted " + granted.values());
        return granted;
    }

    /**
     * Names that the server offers for an export; wildcards it leaves to be spelled out end in a colon.
     *
     * @param queries what to list, such as {@code qemu:} for everything of that namespace; none of them means everything
     */
    List<String> offered(String export, List<String> queries) {
        var option = new Option.MetaContexts(OptionCode.LIST_META_CONTEXT, export, queries);
        var answer = options.ask(option, MetaContext.class, OFFERED_LIMIT);
        OptionReply.Refusal refusal = answer.refusal();
        if (refusal != null) {
            refuseUnknownExport(refusal);
            if (refusal.error() != OptionError.UNSUPPORTED) {
                throw new RefusedException(OptionCode.LIST_META_CONTEXT, refusal.error(), refusal.message());
            }
            return List.of();
        }
        return answer.replies().stream().map(MetaContext::name).distinct().toList();
    }

    private static void refuseUnknownExport(OptionReply.Refusal refusal) {
        if (refusal.error() == OptionError.UNKNOWN_EXPORT) {
            throw new RefusedException(OptionCode.SET_META_CONTEXT, refusal.error(), refusal.message());
        }
    }

    private static Map<Long, String> checked(List<MetaContext> replies, List<String> asked) {
        Map<Long, String> granted = new LinkedHashMap<>();
        for (MetaContext context : replies) {
            if (!asked.contains(context.name())) {
                throw new ViolationException(Violation.CONTEXT_UNASKED, "asked for " + asked);
            }
            if (granted.containsValue(context.name()) || granted.put(context.id(), context.name()) != null) {
                throw new ViolationException(
                        Violation.CONTEXT_DOUBLED, context.name() + " with id " + context.id() + " came again");
            }
        }
        return granted;
    }

    private static void require(Wanted wanted, Map<Long, String> granted, String reason) {
        List<String> missing = wanted.required().stream()
                .filter(name -> !granted.containsValue(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new ContextsMissingException(missing, reason);
        }
    }
}
