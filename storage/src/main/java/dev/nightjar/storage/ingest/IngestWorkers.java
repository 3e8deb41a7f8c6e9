package dev.nightjar.storage.ingest;

import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.DataKey;
import dev.nightjar.storage.seal.FrameSealer;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The platform threads that hash and compress for all runs of a repository. Thread-safe. Its tasks never wait for anything, and
 * their number is bounded by the byte budgets of the runs.
 */
public final class IngestWorkers implements Executor, AutoCloseable {

    private final ExecutorService threads;
    private final @Nullable DataKey key;
    private final Queue<FrameSealer> idleSealers = new ConcurrentLinkedQueue<>();

    /**
     * Starts as many threads as are needed, up to {@code count}.
     *
     * @param key what frames are encrypted under, or null not to encrypt them
     */
    public IngestWorkers(int count, @Nullable DataKey key) {
        this.key = key;
        threads = Executors.newFixedThreadPool(
                count,
                Thread.ofPlatform().daemon().name("nightjar-ingest-worker-", 0).factory());
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Seals chunks as one frame in the place of their bytes, which nobody else may use until the frame is in a pack. */
    CompletableFuture<SealedFrame> sealInPlace(List<ChunkRef> chunks, ByteBuffer plain) {
        return CompletableFuture.supplyAsync(
                () -> {
                    FrameSealer idle = idleSealers.poll();
                    FrameSealer sealer = idle == null ? new FrameSealer(key) : idle;
                    SealedFrame sealed = sealer.sealInPlace(chunks, plain);
                    idleSealers.add(sealer);
                    return sealed;
                },
                this);
    }

    /** Ends the threads once their tasks are done. */
    @Override
    public void close() {
        threads.close();
        for (FrameSealer sealer = idleSealers.poll(); sealer != null; sealer = idleSealers.poll()) {
            sealer.close();
        }
    }
}
