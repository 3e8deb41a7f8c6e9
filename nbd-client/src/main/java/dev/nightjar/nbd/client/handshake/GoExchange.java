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

/** Ends the handshake by GO, which tells size, flags and block sizes of the export. */
final class GoExchange {

    /** Items are few; a server that sends more of them than this does not mean well. */
    private static final int ITEMS_LIMIT = 64;

    private final OptionExchange options;

    GoExchange(OptionExchange options) {
        this.options = options;
    }

    /**
     * Size and flags, and block sizes where the server told them.
     *
     * @return null if the server does not know GO
     */
    @Nullable
    Opened go(String export) {
        var option = new Option.Describe(OptionCode.GO, export, List.of(InfoItem.BLOCK_SIZE));
        var answer = options.ask(option, OptionReply.Item.class, ITEMS_LIMIT);
        OptionReply.Refusal refusal = answer.refusal();
        if (refusal != null) {
            if (refusal.error() == OptionError.UNSUPPORTED) {
                return null;
            }
            throw new RefusedException(OptionCode.GO, refusal.error(), refusal.message());
        }
        InfoItem.@Nullable Export told = null;
        @Nullable BlockSizes sizes = null;
        for (OptionReply.Item reply : answer.replies()) {
            switch (reply.item()) {
                case InfoItem.Export item -> told = once(told, item);
                case BlockSizes item -> sizes = once(sizes, item);
                case InfoItem.Name _, InfoItem.Description _, InfoItem.Other _ -> {}
            }
        }
        if (told == null) {
            throw new ViolationException(Violation.EXPORT_INFO_MISSING, "GO was acknowledged without it");
        }
        return new Opened(new ExportNameReply(told.size(), told.flags()), sizes == null ? BlockSizes.UNKNOWN : sizes);
    }

    private static <T extends InfoItem> T once(@Nullable T before, T now) {
        if (before != null) {
            throw new ViolationException(Violation.EXPORT_INFO_DOUBLED, "type " + now.type() + " came twice");
        }
        return now;
    }

    /** What GO and EXPORT_NAME tell alike, and the block sizes. */
    record Opened(ExportNameReply export, BlockSizes blockSizes) {}
}
