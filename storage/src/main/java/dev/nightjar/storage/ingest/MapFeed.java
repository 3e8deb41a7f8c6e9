package dev.nightjar.storage.ingest;

import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.map.MapWriter;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings the chunks of one disk into its map, in their order, on a thread of its own: a region enters once it is settled. Its methods
 * are called by one thread at a time. After a failure of the run it discards what comes.
 */
final class MapFeed {

    private static final long PATIENCE_MILLIS = 100;

    /** Regions whose nodes are fetched together: as many as stay in memory by far. */
    private static final int MOST_ANNOUNCED = 1024;

    private final RunState run;
    private final MapWriter writer;
    private final boolean mentionsZeros;
    private final BlockingQueue<Item> items;
    private final CompletableFuture<MapRoot> root = new CompletableFuture<>();

    /** Regions in the queue of which the writer knows. Used by the thread alone. */
    private int announced;

    /** What enters the map, in ascending order. */
    private sealed interface Item {
        record Chunks(Region region) implements Item {}

        record Zeros(long first, long count) implements Item {}

        record End() implements Item {}
    }

    /**
     * Starts the thread.
     *
     * @param mentionsZeros whether the map begins with chunks that a zero may replace
     * @param mostItems that wait at once
     */
    MapFeed(RunState run, MapWriter writer, boolean mentionsZeros, int mostItems) {
        this.run = run;
        this.writer = writer;
        this.mentionsZeros = mentionsZeros;
        items = new ArrayBlockingQueue<>(mostItems);
        Thread.ofVirtual().name("nightjar-ingest-map").start(this::loop);
    }

    void region(Region region) throws InterruptedException {
        put(new Item.Chunks(region));
    }

    void zeros(long first, long count) throws InterruptedException {
        if (mentionsZeros) {
            put(new Item.Zeros(first, count));
        }
    }

    /** Waits until everything has entered. */
    MapRoot finish() throws InterruptedException {
        put(new Item.End());
        root.exceptionally(_ -> null).join();
        run.requireHealthy();
        return root.join();
    }

    /** Ends the thread of a run that has failed. */
    void abandon() {
        while (!root.isDone() && !items.offer(new Item.End())) {
            items.clear();
        }
        root.exceptionally(_ -> null).join();
    }

    private void put(Item item) throws InterruptedException {
        while (!items.offer(item, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            run.requireHealthy();
        }
    }

    private void loop() {
        while (true) {
            Item item = take();
            try {
                if (!run.failed()) {
                    enter(item);
                }
            } catch (CompletionException e) {
                run.fail(e.getCause() == null ? e : e.getCause());
            } catch (RuntimeException | Error e) {
                run.fail(e);
            }
            if (item instanceof Item.End) {
                Throwable failure = run.failure();
                if (failure != null) {
                    root.completeExceptionally(failure);
                }
                return;
            }
        }
    }

    private void enter(Item item) {
        switch (item) {
            case Item.Chunks(Region region) -> {
                region.settled().join();
                announce(region);
                List<@Nullable ChunkId> ids = region.hashed().join();
                for (int i = 0; i < ids.size(); i++) {
                    ChunkId id = ids.get(i);
                    if (id != null || mentionsZeros) {
                        writer.set(region.firstChunk() + i, id);
                    }
                }
            }
            case Item.Zeros(long first, long count) -> writer.zero(first, count);
            case Item.End() -> root.complete(writer.finish());
        }
    }

    /** Tells the writer, every now and then, of this region and those that wait behind it. What waits meanwhile makes the next portion. */
    private void announce(Region region) {
        if (announced > 0) {
            announced--;
            return;
        }
        if (!mentionsZeros) {
            return;
        }
        LongStream.Builder numbers = LongStream.builder().add(region.firstChunk());
        for (Item item : items) {
            if (item instanceof Item.Chunks(Region waiting) && announced < MOST_ANNOUNCED) {
                numbers.add(waiting.firstChunk());
                announced++;
            }
        }
        writer.expect(numbers.build().toArray());
    }

    private Item take() {
        while (true) {
            try {
                return items.take();
            } catch (InterruptedException e) {
                // Nobody but this class knows the thread, and it ends it by an item.
            }
        }
    }
}
