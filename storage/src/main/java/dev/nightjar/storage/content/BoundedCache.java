package dev.nightjar.storage.content;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the values that were used last, as long as their weights stay within a limit. Thread-safe. A value that several threads
 * want at once is loaded by the first, outside of any lock; a failure is told to all of them and not kept.
 *
 * @param <K> key
 * @param <V> value
 */
public final class BoundedCache<K, V> {

    private final long limit;
    private final ToLongFunction<V> weigher;
    private final Consumer<V> dropped;
    private final Map<K, CompletableFuture<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    /**
     * A cache of values of at most {@code limit} weight together; one that is heavier alone is not kept.
     *
     * @param weigher the weight of a value, always the same
     */
    public BoundedCache(long limit, ToLongFunction<V> weigher) {
        this(limit, weigher, _ -> {});
    }

    /**
     * A cache whose values hold something.
     *
     * @param dropped told of each value once, when it is no longer kept; somebody may still be using it
     */
    public BoundedCache(long limit, ToLongFunction<V> weigher, Consumer<V> dropped) {
        this.limit = limit;
        this.weigher = weigher;
        this.dropped = dropped;
    }

    /** The value of a key; loaded unless it is there. Throws what the loader throws. */
    public V get(K key, Function<K, V> loader) {
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

    /** The value of a key if it is there; null if not, or while it is being loaded. Never waits. */
    public @Nullable V peek(K key) {
        synchronized (entries) {
            CompletableFuture<V> entry = entries.get(key);
            return entry != null && entry.state() == Future.State.SUCCESS ? entry.resultNow() : null;
        }
    }

    /** Those of the keys that are neither here nor being loaded. */
    List<K> absent(Collection<K> keys) {
        synchronized (entries) {
            return keys.stream().filter(key -> !entries.containsKey(key)).toList();
        }
    }

    /** Forgets a value. One that is being loaded stays. */
    public void remove(K key) {
        V value;
        synchronized (entries) {
            CompletableFuture<V> entry = entries.get(key);
            if (entry == null || entry.state() != Future.State.SUCCESS) {
                return;
            }
            entries.remove(key);
            value = entry.resultNow();
            weight -= weigher.applyAsLong(value);
        }
        dropped.accept(value);
    }

    /** Forgets every value that is not being loaded. */
    public void clear() {
        List<K> keys;
        synchronized (entries) {
            keys = List.copyOf(entries.keySet());
        }
        keys.forEach(this::remove);
    }

    /** What the kept values weigh together. */
    public long weight() {
        synchronized (entries) {
            return weight;
        }
    }

    private void keep(CompletableFuture<V> mine, V value) {
        List<V> evicted = new ArrayList<>();
        synchronized (entries) {
            mine.complete(value);
            weight += weigher.applyAsLong(value);
            Iterator<CompletableFuture<V>> eldest = entries.values().iterator();
            while (weight > limit && eldest.hasNext()) {
                CompletableFuture<V> entry = eldest.next();
                // One that is being loaded weighs nothing yet.
                if (entry.state() == Future.State.SUCCESS) {
                    weight -= weigher.applyAsLong(entry.resultNow());
                    evicted.add(entry.resultNow());
                    eldest.remove();
                }
            }
        }
        evicted.forEach(dropped);
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
