package dev.nightjar.storage.recover;

import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.content.ChunkContents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Walks maps on a thread of its own and loads batches of its chunks on others, ahead of the one who takes them in order. Used by one
 * thread, which closes it.
 */
final class Prefetch implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 50;

    private final ChunkContents contents;
    private final BlockingQueue<CompletableFuture<ChunkBatch.@Nullable Loaded>> ahead;
    private final int batchChunks;
    private final CompletableFuture<Void> walk = new CompletableFuture<>();
    private volatile boolean closed;
    private List<ChunkBatch.Chunk> gathering = new ArrayList<>();

    /** Begins with the chunks that the walk names. */
    Prefetch(ChunkWalk chunks, ChunkContents contents, int batchChunks, int batchesAhead) {
        this.contents = contents;
        this.batchChunks = batchChunks;
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
                loaded.complete(batch.load(contents));
            } catch (RuntimeException | Error e) {
                loaded.completeExceptionally(e);
            }
        });
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
