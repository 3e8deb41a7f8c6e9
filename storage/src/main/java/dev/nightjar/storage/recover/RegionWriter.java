package dev.nightjar.storage.recover;

import dev.nightjar.storage.chunk.ChunkSize;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Hands batches of chunks to a sink: neighbours together. What lies between them is either zero, as where all chunks of a range are handed in that are not, or not part of
 * it. Used by one thread.
 */
final class RegionWriter {

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final RegionSink sink;
    private final ChunkSize chunkSize;
    private final long diskBytes;
    private final long end;
    private final boolean gapsAreZero;
    private final long start;
    /** Up to here everything was handed on, or is in the run. */
    private long reached;
    /** Where the zeros before {@link #reached} or the run begin. */
    private long handedOn;
    /** Neighbours that were not handed on yet, empty if there are none; ends at {@link #reached}. */
    private ByteBuffer run = NONE;

    RegionWriter(RegionSink sink, ChunkSize chunkSize, long diskBytes, long start, long end, boolean gapsAreZero) {
        this.sink = sink;
        this.chunkSize = chunkSize;
        this.diskBytes = diskBytes;
        this.start = start;
        this.end = end;
        this.gapsAreZero = gapsAreZero;
        reached = start;
        handedOn = start;
    }

    /** Hands on the content of a batch; it is no longer needed when this returns. */
    void write(ChunkBatch.Loaded batch) throws IOException {
        int place = 0;
        for (ChunkBatch.Chunk chunk : batch.chunks()) {
            long chunkStart = chunkSize.offset(chunk.number());
            if (chunkStart > reached && !gapsAreZero) {
                handOnUpTo(reached);
                reached = chunkStart;
                handedOn = chunkStart;
            }
            if (chunk.id() == null) {
                flush();
                reached = Math.min(chunkStart + chunkSize.bytes(), end);
                continue;
            }
            int length = chunkSize.length(chunk.number(), diskBytes);
            long from = Math.max(chunkStart, start);
            long to = Math.min(chunkStart + length, end);
            if (from > reached) {
                flush();
            }
            append(batch.content(), place + (int) (from - chunkStart), (int) (to - from));
            reached = to;
            place += length;
        }
        flush();
    }

    /** What follows the run in the same memory, or begins another. */
    private void append(ByteBuffer content, int from, int length) {
        int begin = run.hasRemaining() ? run.position() : from;
        run = content.duplicate().limit(from + length).position(begin);
    }

    void finish() throws IOException {
        handOnUpTo(gapsAreZero ? end : reached);
    }

    private void handOnUpTo(long to) throws IOException {
        flush();
        zeroUpTo(to);
    }

    /** Hands on the run, and the zeros before it. */
    private void flush() throws IOException {
        if (!run.hasRemaining()) {
            return;
        }
        zeroUpTo(reached - run.remaining());
        long at = handedOn;
        handedOn = reached;
        ByteBuffer bytes = run;
        run = NONE;
        sink.data(at, bytes.slice());
    }

    private void zeroUpTo(long to) throws IOException {
        long at = handedOn;
        if (to > at) {
            handedOn = to;
            sink.zero(at, to - at);
        }
    }
}
