package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Does the same with many things, a few at a time: a store far away is waited for, and every processor has something to do. */
final class Workers {

    private static final int LEAST = 4;

    private Workers() {}

    /** Ends after all of them, or with the first failure, once those that were begun have ended. */
    static <T> void each(List<T> things, Consumer<T> work) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        int threads = Math.max(LEAST, Runtime.getRuntime().availableProcessors());
        try (ExecutorService executor = Executors.newFixedThreadPool(
                threads,
                Thread.ofPlatform().daemon().name("nightjar-offline-", 0).factory())) {
            for (int i = 0; i < threads; i++) {
                var _ = executor.submit(() -> {
                    try {
                        for (int at = next.getAndIncrement();
                                at < things.size() && failure.get() == null;
                                at = next.getAndIncrement()) {
                            work.accept(things.get(at));
                        }
                    } catch (RuntimeException | Error e) {
                        failure.compareAndSet(null, e);
                    }
                });
            }
        }
        switch (failure.get()) {
            case null -> requireNotInterrupted();
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private static void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new StorageException(
                    StorageErrorCode.INTERRUPTED, "reading the repository was interrupted", "Start again.");
        }
    }
}
