package dev.nightjar.storage.map;

import dev.nightjar.storage.chunk.ChunkId;
import java.nio.ByteBuffer;

/** Where the encoded nodes of maps come from and go to. */
public interface NodeStore extends NodeSource {

    /**
     * Keeps a node, whose children were all stored before it. It may be known already. The node counts as stored for {@link #load} at once, and is durable no
     * later than the point that uses it.
     *
     * @param node the encoded node from position to limit, the store's to keep
     */
    void store(ChunkId id, ByteBuffer node);
}
