package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.ExportNameReply;
import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionError;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks what an export is: by GO, which ends the handshake, or by INFO, which does not. */
final class DescribeExchange {

    /** Items are few; a server that sends more of them than this does not mean well. */
    private static final int ITEMS_LIMIT = 64;

    /** Size and flags come unasked. Asking for the block sizes says that we keep to them. */
    private static final List<Integer> ITEMS = List.of(InfoItem.NAME, InfoItem.DESCRIPTION, InfoItem.BLOCK_SIZE);

    private final OptionExchange options;

    DescribeExchange(OptionExchange options) {
        this.options = options;
    }

    /**
     * Size and flags, and more where the server told it.
     *
     * @param option GO or INFO
     * @return null if the server does not know the option
     */
    @Nullable
    Opened ask(int option, String export) {
        var answer = options.ask(new Option.Describe(option, export, ITEMS), OptionReply.Item.class, ITEMS_LIMIT);
        OptionReply.Refusal refusal = answer.refusal();
        if (refusal != null) {
            if (refusal.error() == OptionError.UNSUPPORTED) {
                return null;
            }
            throw new RefusedException(option, refusal.error(), refusal.message());
        }
        InfoItem.@Nullable Export told = null;
        @Nullable BlockSizes sizes = null;
        InfoItem.@Nullable Description text = null;
        InfoItem.@Nullable Name name = null;
        for (OptionReply.Item reply : answer.replies()) {
            switch (reply.item()) {
                case InfoItem.Export item -> told = once(told, item);
                case BlockSizes item -> sizes = once(sizes, item);
                case InfoItem.Description item -> text = once(text, item);
                case InfoItem.Name item -> name = once(name, item);
                case InfoItem.Other _ -> {}
            }
        }
        if (told == null) {
            throw new ViolationException(
                    Violation.EXPORT_INFO_MISSING, OptionCode.name(option) + " was acknowledged without it");
        }
        return new Opened(
                new ExportNameReply(told.size(), told.flags()),
                sizes == null ? BlockSizes.UNKNOWN : sizes,
                text == null ? "" : text.text());
    }

    private static <T extends InfoItem> T once(@Nullable T before, T now) {
        if (before != null) {
            throw new ViolationException(Violation.EXPORT_INFO_DOUBLED, "type " + now.type() + " came twice");
        }
        return now;
    }

    /** What GO and EXPORT_NAME tell alike, and the rest. */
    record Opened(ExportNameReply export, BlockSizes blockSizes, String description) {}
}
