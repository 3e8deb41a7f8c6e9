package dev.nightjar.storage.content;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Keeps the values that were used last, as long as their weights stay within a limit. Thread-safe. A value that several threads
 * want at once is loaded by the first, outside of any lock; a failure is told to all of them and not kept.
 *
 * @param <K> key
 * @param <V> value
 */
final class BoundedCache<K, V> {

    private final long limit;
    private final ToLongFunction<V> weigher;
    private final Map<K, CompletableFuture<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    BoundedCache(long limit, ToLongFunction<V> weigher) {
        this.limit = limit;
        this.weigher = weigher;
    }

    V get(K key, Function<K, V> loader) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> known;
        synchronized (entries) {
            known = entries.putIfAbsent(key, mine);
        }
        if (known != null) {
            return join(known);
        }
        try {
            V value = loader.apply(key);
            keep(mine, value);
            return value;
        } catch (RuntimeException | Error e) {
            synchronized (entries) {
                entries.remove(key, mine);
            }
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private void keep(CompletableFuture<V> mine, V value) {
        synchronized (entries) {
            mine.complete(value);
            weight += weigher.applyAsLong(value);
            Iterator<CompletableFuture<V>> eldest = entries.values().iterator();
            while (weight > limit && eldest.hasNext()) {
                CompletableFuture<V> entry = eldest.next();
                // One that is being loaded weighs nothing yet.
                if (entry.state() == Future.State.SUCCESS) {
                    weight -= weigher.applyAsLong(entry.resultNow());
                    eldest.remove();
                }
            }
        }
    }

    private static <V> V join(CompletableFuture<V> value) {
        try {
            return value.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
