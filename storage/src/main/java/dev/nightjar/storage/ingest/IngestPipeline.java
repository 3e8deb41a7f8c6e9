package dev.nightjar.storage.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The way of regions of all disks of a run: hashed on the workers, looked up by one thread, sealed on the workers, appended to packs
 * by another thread. Thread-safe.
 *
 * <p>The queues have no limit of their own: every region in them has taken its bytes from the budget, and the number of flushes is
 * at most one a disk and map pack. After a failure both threads discard what comes until the pipeline is closed.
 */
final class IngestPipeline {

    /** Regions for which the catalog is asked at once if there are as many: each question costs it as much as the chunks of several. A quarter of the budget. */
    private static final int WORTH_A_LOOK_UP = 16;

    private final RunState run;
    private final ByteBudget budget;
    private final RegionBuffers buffers;
    private final HashStage hashing;
    private final LookUpStage lookUp;
    private final PackStage packing;
    private final BlockingQueue<Step> looked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Step> packed = new LinkedBlockingQueue<>();
    private final Thread lookUpThread;
    private final Thread packThread;

    /** What goes through the queues. */
    private sealed interface Step {
        record Arrive(Region region) implements Step {}

        record Flush(CompletableFuture<Void> done) implements Step {}

        record Close() implements Step {}
    }

    IngestPipeline(
            RunState run,
            ByteBudget budget,
            RegionBuffers buffers,
            HashStage hashing,
            LookUpStage lookUp,
            PackStage packing) {
        this.run = run;
        this.budget = budget;
        this.buffers = buffers;
        this.hashing = hashing;
        this.lookUp = lookUp;
        this.packing = packing;
        String name = "nightjar-ingest-" + run.lease().runId();
        lookUpThread = Thread.ofPlatform().name(name + "-look-up").daemon().start(this::lookUpLoop);
        packThread = Thread.ofPlatform().name(name + "-pack").daemon().start(this::packLoop);
    }

    /** Takes the region over, waiting until the budget has room for it; it is given back in any case. */
    void submit(Region region) throws InterruptedException {
        try {
            budget.take(buffers.bytes());
        } catch (InterruptedException e) {
            region.giveBack();
            throw e;
        }
        hashing.begin(region);
        looked.add(new Step.Arrive(region));
    }

    /** Waits until every chunk of the regions submitted before is in the catalog. */
    void flush() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        looked.add(new Step.Flush(done));
        done.exceptionally(_ -> null).join();
        run.requireHealthy();
    }

    /** Ends the threads, after they have processed or discarded what is there; drops the pack that is open. */
    void close() {
        looked.add(new Step.Close());
        join(lookUpThread);
        join(packThread);
        budget.lift();
    }

    private void lookUpLoop() {
        while (true) {
            switch (take(looked)) {
                case Step.Arrive(Region first) -> {
                    List<Region> batch = batch(first);
                    guarded(() -> lookUp.process(batch));
                    batch.forEach(region -> packed.add(new Step.Arrive(region)));
                }
                case Step.Flush flush -> packed.add(flush);
                case Step.Close close -> {
                    packed.add(close);
                    return;
                }
            }
        }
    }

    /** The region, and those behind it: a few, whose hashes are waited for, for the workers are at them, and more, as many as the budget lets there be, if theirs are there already. */
    private List<Region> batch(Region first) {
        List<Region> batch = new ArrayList<>();
        awaitHash(first);
        batch.add(first);
        while (looked.peek() instanceof Step.Arrive(Region next)
                && (batch.size() < WORTH_A_LOOK_UP || next.hashed().isDone())) {
            awaitHash(next);
            looked.remove();
            batch.add(next);
        }
        return batch;
    }

    private void awaitHash(Region region) {
        guarded(() -> region.hashed().join());
    }

    private void packLoop() {
        while (true) {
            switch (take(packed)) {
                case Step.Arrive(Region region) -> {
                    guarded(() -> packing.process(region));
                    // However it went: nobody may be reading the bytes any more.
                    region.hashed().handle((_, _) -> true).join();
                    region.frames().forEach(PendingFrame::await);
                    region.giveBack();
                    budget.giveBack(buffers.bytes());
                    finish(region.settled());
                }
                case Step.Flush(CompletableFuture<Void> done) -> {
                    guarded(packing::flush);
                    finish(done);
                }
                case Step.Close() -> {
                    packing.abort();
                    return;
                }
            }
        }
    }

    private void guarded(Runnable work) {
        if (run.failed()) {
            return;
        }
        try {
            work.run();
        } catch (CompletionException e) {
            run.fail(e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException | Error e) {
            run.fail(e);
        }
    }

    private void finish(CompletableFuture<Void> waiting) {
        Throwable failure = run.failure();
        if (failure == null) {
            waiting.complete(null);
        } else {
            waiting.completeExceptionally(failure);
        }
    }

    private static Step take(BlockingQueue<Step> queue) {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                // Nobody but this class knows the threads, and it ends them by a step.
            }
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
