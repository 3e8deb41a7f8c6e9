package dev.nightjar.storage.ingest;

import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The map that a disk's ingest builds on, as far as it is asked about.
 *
 * @param root the parent's content, or null without a parent
 */
record ParentMap(@Nullable MapRoot root, MapReader reader, ChunkHasher hasher) {

    @Nullable
    ChunkId chunkId(long chunkNumber) {
        if (root == null) {
            throw new IllegalStateException("the disk has no parent point");
        }
        return reader.get(root, chunkNumber);
    }

    boolean matches(long chunkNumber, ByteBuffer content) {
        ChunkId expected = chunkId(chunkNumber);
        return expected == null
                ? ChunkHasher.isZero(content)
                : hasher.id(ChunkKind.DATA, content).equals(expected);
    }
}
