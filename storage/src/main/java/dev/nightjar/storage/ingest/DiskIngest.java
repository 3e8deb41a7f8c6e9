package dev.nightjar.storage.ingest;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.DamagedRanges;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Takes the content of one disk, from the front to the back. Chunks that are never mentioned are the parent's in an incremental
 * capture, and zero in a full one. Used by one thread at a time; {@link #progress} by any.
 *
 * <p>Every method but {@code progress} throws a {@link StorageException} that says what broke the run, once something has.
 */
public final class DiskIngest {

    private final DiskDescription disk;
    private final CaptureMode mode;
    private final ChunkSize chunkSize;
    private final RunState run;
    private final IngestPipeline pipeline;
    private final RegionBuffers buffers;
    private final MapFeed map;
    private final ParentMap parent;
    private final DiskCounters counters = new DiskCounters();

    private long next;
    private DamagedRanges damaged;
    private @Nullable ByteBuffer assembling;
    private long assemblingChunk;

    DiskIngest(
            DiskDescription disk,
            CaptureMode mode,
            ChunkSize chunkSize,
            RunState run,
            IngestPipeline pipeline,
            RegionBuffers buffers,
            MapFeed map,
            ParentMap parent,
            DamagedRanges inherited) {
        this.disk = disk;
        this.mode = mode;
        this.chunkSize = chunkSize;
        this.run = run;
        this.pipeline = pipeline;
        this.buffers = buffers;
        this.map = map;
        this.parent = parent;
        this.damaged = inherited;
    }

    /** The disk. */
    public DiskDescription disk() {
        return disk;
    }

    /** How its content is found out. */
    public CaptureMode mode() {
        return mode;
    }

    /**
     * Takes bytes of the disk: whole chunks, of which the disk's last one may be short. The bytes are copied, from position to limit,
     * before this returns. Waits while the run holds as much in memory as it may.
     *
     * @param offset where they lie on the disk; not before the end of what was handed in last
     */
    public void data(long offset, ByteBuffer bytes) {
        advance(offset, bytes.remaining());
        counters.read(bytes.remaining());
        ByteBuffer rest = bytes.duplicate();
        long at = offset;
        while (rest.hasRemaining()) {
            ByteBuffer region = regionAt(at);
            // Regions end at multiples of their size, so that frames of different points tend to cover the same chunks.
            int room = (int) Math.min(buffers.bytes() - at % buffers.bytes(), rest.remaining());
            region.put(rest.slice(rest.position(), room));
            rest.position(rest.position() + room);
            at += room;
            if (at % buffers.bytes() == 0) {
                submit();
            }
        }
    }

    /**
     * As {@link #data(long, ByteBuffer)}, but a region that comes whole is taken over instead of being copied.
     *
     * @param bytes nobody else's until they are given back; what they hold is lost
     * @param giveBack called once, by any thread, as soon as the bytes are no longer needed: at once if this throws
     */
    public void data(long offset, ByteBuffer bytes, Runnable giveBack) {
        if (assembling == null && offset % buffers.bytes() == 0 && bytes.remaining() == buffers.bytes()) {
            advance(offset, bytes.remaining(), giveBack);
            counters.read(bytes.remaining());
            submit(new Region(counters, chunkSize.number(offset), bytes.slice(), chunkSize.bytes(), giveBack));
            return;
        }
        try {
            data(offset, bytes);
        } finally {
            giveBack.run();
        }
    }

    private void advance(long offset, long length, Runnable giveBack) {
        try {
            advance(offset, length);
        } catch (RuntimeException e) {
            giveBack.run();
            throw e;
        }
    }

    /**
     * Takes it that a range of the disk is zero: whole chunks, of which the disk's last one may be short.
     *
     * @param offset where it begins; not before the end of what was handed in last
     * @param length bytes
     */
    public void zero(long offset, long length) {
        advance(offset, length);
        counters.zero(length);
        if (length > 0) {
            submit();
            long first = chunkSize.number(offset);
            interruptibly(() -> map.zeros(first, chunkSize.count(offset + length) - first));
        }
    }

    /**
     * Takes it that bytes which were handed in, as zeros, could not be read from the disk. What is handed in anew is not damaged any more, also
     * if the parent's was; what is not mentioned is as damaged as the parent's.
     *
     * @param offset where they begin; not behind what was handed in last
     * @param length bytes, at least one
     * @throws StorageException DAMAGE_TOO_SCATTERED if a point cannot record that many places
     */
    public void damaged(long offset, long length) {
        if (offset + length > next) {
            throw new IllegalArgumentException(length + " bytes at " + offset + " were not handed in yet");
        }
        damaged = damaged.with(new DamagedRanges.Range(offset, length));
    }

    /** Where the disk could not be read, the parent included as far as its content is kept. To be called by the thread that hands in. */
    public DamagedRanges damaged() {
        return damaged;
    }

    /** How far it has come; cheap, and right to the last byte once the set is committed. */
    public IngestProgress progress() {
        return counters.progress();
    }

    /**
     * The id of a chunk in the parent, or null if it is zero there.
     *
     * @throws IllegalStateException without a parent
     */
    public @Nullable ChunkId parentChunkId(long chunkNumber) {
        return parent.chunkId(chunkNumber);
    }

    /**
     * Whether a chunk has the same content in the parent.
     *
     * @param content the whole chunk, from position to limit, both of which stay as they are
     * @throws IllegalStateException without a parent
     */
    public boolean matchesParent(long chunkNumber, ByteBuffer content) {
        return parent.matches(chunkNumber, content);
    }

    /** Waits for everything that was handed in, and returns the map of the disk. */
    MapRoot finish() {
        submit();
        AtomicReference<@Nullable MapRoot> root = new AtomicReference<>();
        interruptibly(() -> root.set(map.finish()));
        return Objects.requireNonNull(root.get(), "a finished map");
    }

    void abandon() {
        map.abandon();
    }

    private void advance(long offset, long length) {
        run.requireHealthy();
        long end = offset + length;
        boolean whole = end % chunkSize.bytes() == 0 || end == disk.sizeBytes();
        if (offset < next
                || length < 0
                || end < 0
                || end > disk.sizeBytes()
                || offset % chunkSize.bytes() != 0
                || !whole) {
            throw new StorageException(
                    StorageErrorCode.INVALID_ARGUMENT,
                    "Disk " + disk.diskName() + " of " + disk.sizeBytes() + " bytes cannot take " + length
                            + " bytes at " + offset + ": chunks are whole and come in order, and it has come to "
                            + next,
                    "This is a fault of Nightjar; please report it.");
        }
        next = end;
        if (!damaged.isEmpty() && length > 0) {
            damaged = damaged.without(new DamagedRanges.Range(offset, length));
        }
    }

    private ByteBuffer regionAt(long offset) {
        if (assembling != null && offset != chunkSize.offset(assemblingChunk) + assembling.position()) {
            submit();
        }
        if (assembling == null) {
            assembling = buffers.take();
            assemblingChunk = chunkSize.number(offset);
        }
        return assembling;
    }

    private void submit() {
        ByteBuffer bytes = assembling;
        if (bytes != null) {
            assembling = null;
            Runnable giveBack = () -> buffers.giveBack(bytes);
            submit(new Region(counters, assemblingChunk, bytes.flip(), chunkSize.bytes(), giveBack));
        }
    }

    private void submit(Region region) {
        interruptibly(() -> {
            pipeline.submit(region);
            map.region(region);
        });
    }

    /** Something that waits for other threads. */
    @FunctionalInterface
    private interface Waiting {
        void run() throws InterruptedException;
    }

    private void interruptibly(Waiting waiting) {
        try {
            waiting.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            StorageException interrupted = new StorageException(
                    StorageErrorCode.INTERRUPTED,
                    "The ingest of disk " + disk.diskName() + " was interrupted",
                    "Run the backup again.");
            run.fail(interrupted);
            throw interrupted;
        }
    }
}
