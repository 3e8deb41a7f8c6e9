package dev.nightjar.storage.recover;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.content.ChunkContents;
import dev.nightjar.storage.map.DifferenceVisitor;
import dev.nightjar.storage.map.MapDiff;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.map.NodeSource;
import dev.nightjar.storage.point.PointRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the disk that a recovery point is. Thread-safe: any number of readings at once, whose memory is bounded by reading, not by
 * disk. Holds no resources.
 *
 * <p>Every chunk is checked against its id before a byte of it is given out. A failure ({@link StorageException}: DATA_DAMAGED,
 * CHUNK_NOT_FOUND, CATALOG_UNAVAILABLE, …) concerns the bytes from the range on that was being read, not those given out before.
 */
public final class RecoveryPointReader {

    private final PointRecord point;
    private final ChunkSize chunkSize;
    private final ChunkHasher hasher;
    private final MapReader maps;
    private final MapDiff differences;
    private final ChunkContents contents;
    private final ReadLimits limits;

    /** A reader of one point, by these parts of its repository. */
    public RecoveryPointReader(
            PointRecord point, ChunkSize chunkSize, NodeSource nodes, ChunkHasher hasher, ChunkContents contents) {
        this.point = point;
        this.chunkSize = chunkSize;
        this.hasher = hasher;
        this.maps = new MapReader(nodes, hasher);
        this.differences = new MapDiff(nodes, hasher);
        this.contents = contents;
        this.limits = ReadLimits.DEFAULT;
    }

    /** The facts of the point. */
    public PointRecord point() {
        return point;
    }

    /** The disk's size in bytes. */
    public long size() {
        return point.sizeBytes();
    }

    /**
     * Fills a buffer, from position to limit, with the bytes of the disk from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException if the disk ends before that
     */
    public void read(long offset, ByteBuffer target) {
        requireWithin(offset, target.remaining());
        int start = target.position();
        long end = offset + target.remaining();
        long at = offset;
        while (at < end) {
            long batchEnd = Math.min(end, chunkSize.offset(chunkSize.number(at) + batchChunks()));
            readBatch(at, batchEnd, target.slice(start + (int) (at - offset), (int) (batchEnd - at)));
            at = batchEnd;
        }
        target.position(target.limit());
    }

    /**
     * Hands a part of the disk to a sink, from front to back, loading ahead. Zeros are never read, and come in one piece however long
     * they are.
     *
     * @throws IOException what the sink throws; nothing is handed out after it
     * @throws IndexOutOfBoundsException if the disk ends before the range does
     */
    public void regions(long offset, long length, RegionSink sink) throws IOException {
        requireWithin(offset, length);
        if (length == 0) {
            return;
        }
        long end = offset + length;
        hand(
                taker -> maps.walk(point.root(), chunkSize.number(offset), chunkSize.count(end), taker::take),
                new RegionWriter(sink, chunkSize, size(), offset, end, true));
    }

    /**
     * As {@link #regions}, but only what differs from an earlier content of the disk, and so with gaps: at a cost proportional to the difference.
     *
     * @param since a content of the same size in the same repository
     * @param unit what is handed out is filled up to whole chunks of this size, if it is larger than the repository's
     * @throws IOException what the sink throws
     */
    public void changes(MapRoot since, ChunkSize unit, RegionSink sink) throws IOException {
        if (size() == 0) {
            return;
        }
        long unitChunks = Math.max(1, unit.bytes() / chunkSize.bytes());
        hand(
                new ChangedChunks(maps, differences, since, point.root(), unitChunks),
                new RegionWriter(sink, chunkSize, size(), 0, size(), false));
    }

    /** Visits every chunk in which the disk differs from another content of it in the same repository; reads no content. */
    public void differences(MapRoot since, DifferenceVisitor visitor) {
        differences.diff(since, point.root(), visitor);
    }

    /**
     * Whether some bytes are the content of a chunk of this repository.
     *
     * @param id the chunk's, or null for a zero one
     * @param bytes from position to limit, both of which stay as they are
     */
    public boolean isContent(@Nullable ChunkId id, ByteBuffer bytes) {
        return id == null ? ChunkHasher.isZero(bytes) : hasher.matches(ChunkKind.DATA, bytes, id);
    }

    private void hand(ChunkWalk chunks, RegionWriter writer) throws IOException {
        try (Prefetch prefetch =
                new Prefetch(chunks, contents, chunkSize, size(), batchChunks(), limits.batchesAhead())) {
            for (ChunkBatch.Loaded batch = prefetch.next(); batch != null; batch = prefetch.next()) {
                writer.write(batch);
                prefetch.giveBack(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(
                    StorageErrorCode.INTERRUPTED,
                    "Reading point " + point.id() + " was interrupted",
                    "Start again.",
                    e);
        }
        writer.finish();
    }

    private void readBatch(long from, long to, ByteBuffer target) {
        Map<Long, ChunkId> chunks = new LinkedHashMap<>();
        maps.walk(point.root(), chunkSize.number(from), chunkSize.count(to), chunks::put);
        Map<ChunkId, ByteBuffer> loaded = contents.read(ChunkKind.DATA, new HashSet<>(chunks.values()));
        target.put(0, new byte[target.remaining()]);
        chunks.forEach((number, id) -> {
            ByteBuffer content = Objects.requireNonNull(loaded.get(id));
            ChunkContents.requireLength(content, id, chunkSize.length(number, size()));
            long start = chunkSize.offset(number);
            int skip = (int) Math.max(0, from - start);
            int length = (int) Math.min(to - start, content.remaining()) - skip;
            target.put((int) (start + skip - from), content, skip, length);
        });
    }

    private int batchChunks() {
        return Math.max(1, limits.batchBytes() / chunkSize.bytes());
    }

    private void requireWithin(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new IndexOutOfBoundsException(length + " bytes at " + offset + " of a disk of " + size() + " bytes");
        }
    }
}
