package dev.nightjar.cli.copy;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a whole disk. The caller's thread walks the source and asks for reads; threads of the copy's own write what came.
 * The first failure ends it, once nothing is under way any more.
 */
final class Copy {

    private final CopySource source;
    private final CopyTarget target;
    private final CopySettings settings;
    private final LongConsumer progress;
    private final long block;
    private final int requestBytes;
    private final Semaphore permits;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final LongAdder read = new LongAdder();
    private final LongAdder zeros = new LongAdder();
    private final LongAdder written = new LongAdder();

    /**
     * A copy to be run once.
     *
     * @param progress called with the number of bytes that are done, by any thread
     */
    Copy(CopySource source, CopyTarget target, CopySettings settings, LongConsumer progress) {
        this.source = source;
        this.target = target;
        this.settings = settings;
        this.progress = progress;
        this.block = Math.max(source.minimumBlock(), target.minimumBlock());
        this.requestBytes = requestBytes();
        this.permits = new Semaphore(settings.requests());
    }

    private int requestBytes() {
        long most = Math.min(settings.requestBytes(), source.maximumRead());
        return (int) Math.max(block, most - most % block);
    }

    /** Ends the walk early; never leaves this class. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("another part of the copy failed", null, false, false);
        }
    }

    CopyTotals run() {
        long begun = System.nanoTime();
        target.begin(source.size());
        int writers = target.writers(settings.requests());
        if (writers == 0) {
            transfer(Runnable::run, false);
        } else {
            try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
                transfer(pool, writers == 1);
            }
        }
        return new CopyTotals(
                source.size(), read.sum(), zeros.sum(), written.sum(), Duration.ofNanos(System.nanoTime() - begun));
    }

    private void transfer(Executor writers, boolean inOrder) {
        try {
            source.walk(new AlignedPieces(
                    block, source.size(), (offset, length, zero) -> piece(writers, inOrder, offset, length, zero)));
        } catch (Stopped e) {
            // The failure that stopped it is thrown below.
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
        permits.acquireUninterruptibly(settings.requests());
        switch (failure.get()) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private void piece(Executor writers, boolean inOrder, long offset, long length, boolean zero) {
        if (zero) {
            begin();
            writers.execute(() -> zero(offset, length));
            return;
        }
        for (long at = offset; at < offset + length; ) {
            int step = (int) Math.min(offset + length - at, requestBytes - at % requestBytes);
            begin();
            read(writers, inOrder, at, step);
            at += step;
        }
    }

    private void begin() {
        permits.acquireUninterruptibly();
        if (failure.get() != null) {
            permits.release();
            throw new Stopped();
        }
    }

    private void read(Executor writers, boolean inOrder, long offset, int length) {
        var reading = source.read(offset, length);
        if (inOrder) {
            // One thread takes the tasks in the order of submission, and waits for each.
            writers.execute(() -> {
                var _ = reading.handle((data, error) -> finish(offset, data, error))
                        .join();
            });
        } else {
            var _ = reading.handleAsync((data, error) -> finish(offset, data, error), writers);
        }
    }

    private void zero(long offset, long length) {
        try {
            if (failure.get() == null) {
                target.zero(offset, length);
                zeros.add(length);
                progress.accept(length);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        } finally {
            permits.release();
        }
    }

    private @Nullable Void finish(long offset, @Nullable ByteBuf data, @Nullable Throwable error) {
        try {
            if (data == null || error != null) {
                Throwable cause = error instanceof CompletionException ? error.getCause() : error;
                failure.compareAndSet(null, cause == null ? new IllegalStateException("no data") : cause);
            } else if (failure.get() == null) {
                int length = data.readableBytes();
                write(offset, data);
                read.add(length);
                progress.accept(length);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        } finally {
            if (data != null) {
                data.release();
            }
            permits.release();
        }
        return null;
    }

    private void write(long offset, ByteBuf data) {
        if (settings.sparseBytes() == 0 || !target.prefersZeros()) {
            target.write(offset, data);
            written.add(data.readableBytes());
            return;
        }
        int granule = (int) Math.max(settings.sparseBytes(), block);
        ZeroRuns.split(data, granule, (start, length, zero) -> {
            if (zero) {
                target.zero(offset + start, length);
            } else {
                target.write(offset + start, data.slice(data.readerIndex() + start, length));
                written.add(length);
            }
        });
    }
}
