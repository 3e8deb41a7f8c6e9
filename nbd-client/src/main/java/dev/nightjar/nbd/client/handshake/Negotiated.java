package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.TransmissionFlags;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What client and server agreed on.
 *
 * @param size of the export, in bytes
 * @param contexts granted metadata contexts, id → name, in the order of the grant
 * @param description the server's words for people, may be empty
 * @param encrypted whether TLS was begun
 */
public record Negotiated(
        ReplyMode mode,
        long size,
        TransmissionFlags flags,
        BlockSizes blockSizes,
        Map<Long, String> contexts,
        String description,
        boolean encrypted) {

    public Negotiated {
        contexts = Collections.unmodifiableMap(new LinkedHashMap<>(contexts));
    }
}
