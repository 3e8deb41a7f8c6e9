package dev.nightjar.nbd.server.handshake;

import dev.nightjar.nbd.protocol.InfoItem;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import dev.nightjar.nbd.server.export.ExportDescription;
import java.util.ArrayList;
import java.util.List;

/** What a client is told about an export. */
final class ExportAnswers {

    private ExportAnswers() {}

    /** What GO and INFO tell: size, flags and block sizes always, the rest if asked for. */
    static List<InfoItem> items(ExportDescription export, ReplyMode mode, List<Integer> wanted) {
        List<InfoItem> items = new ArrayList<>();
        items.add(new InfoItem.Export(export.sizeBytes(), flags(export, mode)));
        if (wanted.contains(InfoItem.NAME)) {
            items.add(new InfoItem.Name(export.name()));
        }
        if (wanted.contains(InfoItem.DESCRIPTION) && !export.description().isEmpty()) {
            items.add(new InfoItem.Description(export.description()));
        }
        items.add(export.blockSizes());
        return items;
    }

    /** What the export can do in this mode. */
    static TransmissionFlags flags(ExportDescription export, ReplyMode mode) {
        int bits = TransmissionFlags.HAS_FLAGS | TransmissionFlags.SEND_FLUSH | TransmissionFlags.SEND_FUA;
        bits |= export.writable()
                ? TransmissionFlags.SEND_TRIM | TransmissionFlags.SEND_WRITE_ZEROES | TransmissionFlags.SEND_FAST_ZERO
                : TransmissionFlags.READ_ONLY;
        if (export.multiConnection()) {
            bits |= TransmissionFlags.CAN_MULTI_CONN;
        }
        if (mode != ReplyMode.SIMPLE) {
            bits |= TransmissionFlags.SEND_DF;
        }
        if (mode.extendedHeaders()) {
            bits |= TransmissionFlags.BLOCK_STATUS_PAYLOAD;
        }
        return new TransmissionFlags(bits);
    }
}
