package dev.nightjar.service.export;

import dev.nightjar.service.export.disk.OverlaidPoint;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.overlay.BlockKind;
import dev.nightjar.storage.point.CaptureMode;
import java.nio.ByteBuffer;

/**
 * Hands a disk under an overlay to an ingest, in whole chunks and in order: in an increment only chunks that the overlay touches, else everything that is allocated. Used by one thread.
 */
final class OverlayIngest {

    private static final int READ_BYTES = 1 << 20;

    private final OverlaidPoint disk;
    private final DiskIngest ingest;
    private final ChunkSize chunkSize;
    private final RunContext context;
    private final long size;
    private final ByteBuffer buffer;
    /** Up to here everything was handed in or is left as it is; at a chunk's begin, or the disk's end. */
    private long reached;

    OverlayIngest(OverlaidPoint disk, DiskIngest ingest, ChunkSize chunkSize, RunContext context) {
        this.disk = disk;
        this.ingest = ingest;
        this.chunkSize = chunkSize;
        this.context = context;
        size = disk.overlay().size();
        buffer = ByteBuffer.allocateDirect(Math.max(READ_BYTES, chunkSize.bytes()));
    }

    void run() {
        disk.runs(0, size, (offset, kind, length) -> {
            context.checkCancelled();
            take(offset, kind, offset + length);
            return true;
        });
    }

    private void take(long from, BlockKind kind, long to) {
        switch (kind) {
            case DATA -> data(floor(from), ceiling(to));
            case ZERO -> zeros(from, to);
            case BASE -> {
                if (ingest.mode() == CaptureMode.FULL) {
                    below(from, to);
                }
            }
        }
    }

    /** A chunk that is zero only in part is handed in as bytes. */
    private void zeros(long from, long to) {
        long whole = Math.min(ceiling(from), size);
        long wholeEnd = to == size ? size : floor(to);
        if (whole >= wholeEnd) {
            data(floor(from), ceiling(to));
            return;
        }
        if (whole > from) {
            data(floor(from), whole);
        }
        long start = Math.max(whole, reached);
        if (start < wholeEnd) {
            ingest.zero(start, wholeEnd - start);
            reached = wholeEnd;
        }
        if (wholeEnd < to) {
            data(wholeEnd, ceiling(to));
        }
    }

    private void below(long from, long to) {
        long[] at = {from};
        disk.point().allocation(from, to - from, (length, allocated) -> {
            if (allocated) {
                data(floor(at[0]), ceiling(at[0] + length));
            }
            at[0] += length;
            return true;
        });
    }

    private void data(long from, long to) {
        for (long at = Math.max(from, reached); at < to; ) {
            context.checkCancelled();
            int length = (int) Math.min(buffer.capacity(), to - at);
            disk.read(at, buffer.clear().limit(length));
            ingest.data(at, buffer.flip());
            context.advance(length);
            at += length;
            reached = at;
        }
    }

    private long floor(long offset) {
        return chunkSize.offset(chunkSize.number(offset));
    }

    /** The end of the chunk that ends at an offset or contains it. */
    private long ceiling(long offset) {
        long chunks = chunkSize.count(offset);
        return chunks == chunkSize.count(size) ? size : chunkSize.offset(chunks);
    }
}
