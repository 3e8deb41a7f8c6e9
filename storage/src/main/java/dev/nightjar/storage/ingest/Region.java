package dev.nightjar.storage.ingest;

import dev.nightjar.storage.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring chunks of one disk on their way to the packs, at most a frame's worth. Owned by one stage at a time, which hands it
 * on; the two futures are the hand-over to whoever runs beside.
 */
final class Region {

    private final DiskCounters counters;
    private final long firstChunk;
    private final ByteBuffer bytes;
    private final int chunkBytes;
    private final CompletableFuture<List<@Nullable ChunkId>> hashed = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final List<PendingFrame> frames = new ArrayList<>();

    Region(DiskCounters counters, long firstChunk, ByteBuffer bytes, int chunkBytes) {
        this.counters = counters;
        this.firstChunk = firstChunk;
        this.bytes = bytes;
        this.chunkBytes = chunkBytes;
    }

    DiskCounters counters() {
        return counters;
    }

    long firstChunk() {
        return firstChunk;
    }

    /** The whole buffer, to be reused once the region is settled. */
    ByteBuffer bytes() {
        return bytes;
    }

    int chunks() {
        return Math.ceilDiv(bytes.limit(), chunkBytes);
    }

    /** The bytes of some of its chunks. */
    ByteBuffer slice(int from, int to) {
        int start = from * chunkBytes;
        return bytes.slice(start, Math.min(to * chunkBytes, bytes.limit()) - start);
    }

    /** Done when the ids of its chunks are known; null stands for zero. */
    CompletableFuture<List<@Nullable ChunkId>> hashed() {
        return hashed;
    }

    /** Done when each of its chunks is in the catalog, or in a pack that the next flush will store. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    List<PendingFrame> frames() {
        return frames;
    }
}
