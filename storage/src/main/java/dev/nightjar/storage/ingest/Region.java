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
    private final Runnable giveBack;
    private final CompletableFuture<List<@Nullable ChunkId>> hashed = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final List<PendingFrame> frames = new ArrayList<>();

    /**
     * A region.
     *
     * @param bytes its content, from 0 to limit; the region's alone until it is given back: once their ids are known, new chunks are sealed in their own place
     * @param giveBack called once, when the bytes are no longer needed
     */
    Region(DiskCounters counters, long firstChunk, ByteBuffer bytes, int chunkBytes, Runnable giveBack) {
        this.counters = counters;
        this.firstChunk = firstChunk;
        this.bytes = bytes;
        this.chunkBytes = chunkBytes;
        this.giveBack = giveBack;
    }

    DiskCounters counters() {
        return counters;
    }

    long firstChunk() {
        return firstChunk;
    }

    /** Lets go of the bytes. */
    void giveBack() {
        giveBack.run();
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
