package dev.nightjar.cli.nbd;

import dev.nightjar.nbd.client.ExportInfo;
import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdErrorCode;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * All that is known about an export.
 *
 * @param contexts what the server offers, asked for or not
 */
record ExportFacts(NbdUri uri, ExportInfo export, List<String> contexts) {

    ExportFacts {
        contexts = List.copyOf(contexts);
    }

    /** Asks on two connections, one after the other: a server may serve one at a time. */
    static ExportFacts ask(NbdUri uri, NbdOptions options) {
        ExportInfo export = withFallback(() -> NbdConnection.describe(uri, options), () -> open(uri, options));
        List<String> contexts = withFallback(() -> NbdConnection.offeredContexts(uri, options), List::<String>of);
        return new ExportFacts(uri, export, contexts);
    }

    /** A server with the oldest handshake describes nothing and knows no contexts, which is no failure. */
    private static <T> T withFallback(Supplier<T> question, Supplier<T> otherwise) {
        try {
            return question.get();
        } catch (NbdException e) {
            if (e.code() == NbdErrorCode.UNSUPPORTED) {
                return otherwise.get();
            }
            throw e;
        }
    }

    private static ExportInfo open(NbdUri uri, NbdOptions options) {
        try (NbdConnection connection = NbdConnection.open(uri, options)) {
            return connection.export();
        }
    }

    /** What the export can do, by nbdinfo's names and in its order. */
    Map<String, Boolean> flags() {
        TransmissionFlags flags = export.flags();
        Map<String, Boolean> named = new LinkedHashMap<>();
        named.put("is_rotational", flags.has(TransmissionFlags.ROTATIONAL));
        named.put("is_read_only", flags.has(TransmissionFlags.READ_ONLY));
        named.put("can_block_status_payload", flags.has(TransmissionFlags.BLOCK_STATUS_PAYLOAD));
        named.put("can_cache", flags.has(TransmissionFlags.SEND_CACHE));
        named.put("can_df", flags.has(TransmissionFlags.SEND_DF));
        named.put("can_fast_zero", flags.has(TransmissionFlags.SEND_FAST_ZERO));
        named.put("can_flush", flags.has(TransmissionFlags.SEND_FLUSH));
        named.put("can_fua", flags.has(TransmissionFlags.SEND_FUA));
        named.put("can_multi_conn", flags.has(TransmissionFlags.CAN_MULTI_CONN));
        named.put("can_trim", flags.has(TransmissionFlags.SEND_TRIM));
        named.put("can_zero", flags.has(TransmissionFlags.SEND_WRITE_ZEROES));
        return named;
    }

    /** The sizes of requests, in bytes, by nbdinfo's names. */
    Map<String, Long> blockSizes() {
        Map<String, Long> named = new LinkedHashMap<>();
        named.put("block_size_minimum", export.blockSizes().minimum());
        named.put("block_size_preferred", export.blockSizes().preferred());
        named.put("block_size_maximum", export.blockSizes().maximum());
        return named;
    }
}
