package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.handshake.Negotiated;
import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a server told about an export, and what was agreed on. Immutable.
 *
 * @param name as asked for, may be empty
 * @param size in bytes
 * @param canMultiConn whether several connections see each other's writes
 * @param canDf whether a read can be answered in one chunk, which makes QEMU report errors rather than hang up
 * @param blockSizes what requests should and must look like
 * @param mode how the server answers
 * @param contexts granted metadata contexts, in the order of the grant
 * @param flags everything that the server announced, as it came
 * @param description the server's words for people, may be empty
 * @param encrypted whether the connection that told this is under TLS
 */
public record ExportInfo(
        String name,
        long size,
        boolean readOnly,
        boolean canMultiConn,
        boolean canDf,
        boolean canWriteZeroes,
        boolean canFlush,
        boolean canTrim,
        BlockSizes blockSizes,
        ReplyMode mode,
        Set<String> contexts,
        TransmissionFlags flags,
        String description,
        boolean encrypted) {

    public ExportInfo {
        contexts = Collections.unmodifiableSet(new LinkedHashSet<>(contexts));
    }

    /** Whether a request for block status can be for some of the contexts; else the server answers for all of them. */
    public boolean canFilterContexts() {
        return mode.extendedHeaders() && flags.has(TransmissionFlags.BLOCK_STATUS_PAYLOAD);
    }

    static ExportInfo of(String name, Negotiated negotiated) {
        TransmissionFlags flags = negotiated.flags();
        return new ExportInfo(
                name,
                negotiated.size(),
                flags.has(TransmissionFlags.READ_ONLY),
                flags.has(TransmissionFlags.CAN_MULTI_CONN),
                flags.has(TransmissionFlags.SEND_DF) && negotiated.mode() != ReplyMode.SIMPLE,
                flags.has(TransmissionFlags.SEND_WRITE_ZEROES),
                flags.has(TransmissionFlags.SEND_FLUSH),
                flags.has(TransmissionFlags.SEND_TRIM),
                negotiated.blockSizes(),
                negotiated.mode(),
                new LinkedHashSet<>(negotiated.contexts().values()),
                flags,
                negotiated.description(),
                negotiated.encrypted());
    }
}
