package dev.nightjar.storage.serve;

import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.content.ChunkLocator;
import dev.nightjar.storage.content.PackFrames;
import dev.nightjar.storage.map.MapDiff;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.NodeSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all points of one repository that are served have in common: memory for frames, and threads that look ahead. Thread-safe. Pieces that were given out stay valid after
 * {@link #close}.
 */
public final class Serving implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    /** Ahead of a reader a thread opens so much at a time: the largest frame. */
    private static final long AHEAD_PIECE_BYTES = 1L << 20;

    private final ChunkSize chunkSize;
    private final ChunkHasher hasher;
    private final MapReader maps;
    private final MapDiff differences;
    private final ServeLimits limits;
    private final FrameCache frames;
    private final Leaves leaves;
    private final Semaphore aheadSlots;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("nightjar-read-ahead-", 0).factory());

    /** Serves what these parts of a repository can read. */
    public Serving(
            ChunkSize chunkSize,
            ChunkHasher hasher,
            NodeSource nodes,
            ChunkLocator locator,
            PackFrames packs,
            ServeLimits limits) {
        this.chunkSize = chunkSize;
        this.hasher = hasher;
        this.maps = new MapReader(nodes, hasher);
        this.differences = new MapDiff(nodes, hasher);
        this.limits = limits;
        frames = new FrameCache(packs, limits.frameBytes());
        leaves = new Leaves(maps, locator, limits.leaves());
        aheadSlots = new Semaphore(limits.loadsAhead());
    }

    /** Opens a point; costs nothing before the first read. Its chunks must be protected for as long as it is used. */
    public ServedPoint open(PointContent content) {
        return new ServedPoint(content, chunkSize, maps, differences, this);
    }

    /** Memory that opened frames take now, in bytes, without those that are only being sent. */
    public long cachedBytes() {
        return frames.bytes();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        frames.close();
    }

    ServeLimits limits() {
        return limits;
    }

    FrameCache frames() {
        return frames;
    }

    Leaves leaves() {
        return leaves;
    }

    ChunkHasher hasher() {
        return hasher;
    }

    /** Loads a range on other threads, as many as there are for it; the rest is left to whoever reads it. */
    void ahead(ServedPoint point, Span span) {
        for (Span piece : point.cut(span, AHEAD_PIECE_BYTES)) {
            if (!aheadSlots.tryAcquire()) {
                return;
            }
            try {
                threads.execute(() -> load(point, piece));
            } catch (RejectedExecutionException e) {
                aheadSlots.release();
                return;
            }
        }
    }

    private void load(ServedPoint point, Span piece) {
        try {
            point.load(piece);
        } catch (RuntimeException e) {
            // Whoever reads it is told.
            LOG.debug("did not load {} ahead", piece, e);
        } finally {
            aheadSlots.release();
        }
    }
}
