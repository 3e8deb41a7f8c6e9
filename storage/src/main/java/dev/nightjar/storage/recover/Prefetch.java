package dev.nightjar.storage.recover;

import dev.nightjar.storage.blob.DirectIo;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.content.ChunkContents;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Walks maps on a thread of its own and loads batches of its chunks on others, ahead of the one who takes them in order. Used by one
 * thread, which closes it.
 */
final class Prefetch implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 50;

    private final ChunkContents contents;
    private final ChunkSize chunkSize;
    private final long diskBytes;
    /** Memory that was used before: what is allocated off the heap is long in going. */
    private final Queue<ByteBuffer> spare = new ConcurrentLinkedQueue<>();

    private final BlockingQueue<CompletableFuture<ChunkBatch.@Nullable Loaded>> ahead;
    private final int batchChunks;
    private final int frameChunks;
    private final CompletableFuture<Void> walk = new CompletableFuture<>();
    private volatile boolean closed;
    private List<ChunkBatch.Chunk> gathering = new ArrayList<>();

    /**
     * Begins with the chunks that the walk names.
     *
     * @param chunkSize the disk's
     * @param diskBytes its size
     */
    Prefetch(
            ChunkWalk chunks,
            ChunkContents contents,
            ChunkSize chunkSize,
            long diskBytes,
            int batchChunks,
            int batchesAhead) {
        this.contents = contents;
        this.chunkSize = chunkSize;
        this.diskBytes = diskBytes;
        this.batchChunks = batchChunks;
        this.frameChunks =
                Math.min(SealedFrame.MAX_CHUNKS, Math.max(1, SealedFrame.MAX_PLAIN_BYTES / chunkSize.bytes()));
        ahead = new ArrayBlockingQueue<>(batchesAhead);
        Thread.ofVirtual().name("nightjar-recover-walk").start(() -> walk(chunks));
    }

    /** The next batch, or null after the last. */
    ChunkBatch.@Nullable Loaded next() throws InterruptedException {
        try {
            return ahead.take().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Takes back the memory of a batch, which must not be used any more. */
    void giveBack(ChunkBatch.Loaded batch) {
        if (batch.content().isDirect()) {
            spare.add(batch.content());
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
        walk.join();
        for (CompletableFuture<ChunkBatch.@Nullable Loaded> batch = ahead.poll(); batch != null; batch = ahead.poll()) {
            batch.handle((_, _) -> true).join();
        }
    }

    private void walk(ChunkWalk chunks) {
        try {
            chunks.walk(this::gather);
            if (!gathering.isEmpty()) {
                load();
            }
            put(CompletableFuture.completedFuture(null));
        } catch (CancellationException e) {
            // Nobody waits any more.
        } catch (RuntimeException | Error e) {
            offerFailure(e);
        } finally {
            walk.complete(null);
        }
    }

    private void gather(long number, @Nullable ChunkId id) {
        // Chunks that were backed up together lie in one frame, which is best opened for one batch.
        if (number % frameChunks == 0 && gathering.size() + frameChunks > batchChunks && !gathering.isEmpty()) {
            load();
        }
        gathering.add(new ChunkBatch.Chunk(number, id));
        if (gathering.size() == batchChunks) {
            load();
        }
    }

    private void load() {
        ChunkBatch batch = new ChunkBatch(gathering);
        gathering = new ArrayList<>();
        CompletableFuture<ChunkBatch.@Nullable Loaded> loaded = new CompletableFuture<>();
        put(loaded);
        Thread.ofVirtual().name("nightjar-recover-load").start(() -> {
            try {
                loaded.complete(batch.load(contents, chunkSize, diskBytes, this::memory));
            } catch (RuntimeException | Error e) {
                loaded.completeExceptionally(e);
            }
        });
    }

    private ByteBuffer memory(int length) {
        ByteBuffer used = spare.poll();
        return used != null && used.capacity() >= length ? used : DirectIo.allocate(length);
    }

    private void offerFailure(Throwable failure) {
        try {
            put(CompletableFuture.failedFuture(failure));
        } catch (CancellationException e) {
            // Nobody waits any more.
        }
    }

    private void put(CompletableFuture<ChunkBatch.@Nullable Loaded> batch) {
        try {
            while (!ahead.offer(batch, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                if (closed) {
                    throw new CancellationException();
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody knows this thread", e);
        }
    }
}
