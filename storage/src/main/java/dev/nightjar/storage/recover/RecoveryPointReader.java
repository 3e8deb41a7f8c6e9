package dev.nightjar.storage.recover;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.content.ChunkContents;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.point.PointRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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
    private final MapReader maps;
    private final ChunkContents contents;
    private final ReadLimits limits;

    /** A reader of one point. */
    public RecoveryPointReader(PointRecord point, ChunkSize chunkSize, MapReader maps, ChunkContents contents) {
        this(point, chunkSize, maps, contents, ReadLimits.DEFAULT);
    }

    RecoveryPointReader(
            PointRecord point, ChunkSize chunkSize, MapReader maps, ChunkContents contents, ReadLimits limits) {
        this.point = point;
        this.chunkSize = chunkSize;
        this.maps = maps;
        this.contents = contents;
        this.limits = limits;
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
        RegionWriter writer = new RegionWriter(sink, chunkSize, size(), offset, end, batchChunks());
        try (Prefetch prefetch = new Prefetch(
                maps,
                contents,
                point.root(),
                chunkSize.number(offset),
                chunkSize.count(end),
                batchChunks(),
                limits.batchesAhead())) {
            for (ChunkBatch.Loaded batch = prefetch.next(); batch != null; batch = prefetch.next()) {
                writer.write(batch);
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
        List<ChunkBatch.Chunk> chunks = new ArrayList<>();
        maps.walk(
                point.root(),
                chunkSize.number(from),
                chunkSize.count(to),
                (number, id) -> chunks.add(new ChunkBatch.Chunk(number, id)));
        ChunkBatch.Loaded batch = new ChunkBatch(chunks).load(contents);
        target.put(0, new byte[target.remaining()]);
        for (ChunkBatch.Chunk chunk : chunks) {
            long start = chunkSize.offset(chunk.number());
            ByteBuffer content = batch.content(chunk, chunkSize.length(chunk.number(), size()));
            int skip = (int) Math.max(0, from - start);
            int length = (int) Math.min(to - start, content.remaining()) - skip;
            target.put((int) (start + skip - from), content, skip, length);
        }
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
