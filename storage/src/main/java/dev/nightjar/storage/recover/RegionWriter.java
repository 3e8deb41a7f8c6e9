package dev.nightjar.storage.recover;

import dev.nightjar.storage.blob.DirectIo;
import dev.nightjar.storage.chunk.ChunkSize;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Hands batches of chunks to a sink: neighbours together. What lies between them is either zero, as where all chunks of a range are handed in that are not, or not part of
 * it. Used by one thread.
 */
final class RegionWriter {

    private final RegionSink sink;
    private final ChunkSize chunkSize;
    private final long diskBytes;
    private final long end;
    private final boolean gapsAreZero;
    private final ByteBuffer buffer;
    private final long start;
    /** Up to here everything was handed on, or is in the buffer. */
    private long reached;
    /** Where the zeros before {@link #reached} or the buffer begin. */
    private long handedOn;

    RegionWriter(
            RegionSink sink,
            ChunkSize chunkSize,
            long diskBytes,
            long start,
            long end,
            boolean gapsAreZero,
            int bufferChunks) {
        this.sink = sink;
        this.chunkSize = chunkSize;
        this.diskBytes = diskBytes;
        this.start = start;
        this.end = end;
        this.gapsAreZero = gapsAreZero;
        // Off the heap and aligned, so that a sink can hand it to the disk as it is.
        buffer = DirectIo.allocate((int) Math.min((long) bufferChunks * chunkSize.bytes(), end - start));
        reached = start;
        handedOn = start;
    }

    void write(ChunkBatch.Loaded batch) throws IOException {
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
            ByteBuffer content = batch.content(chunk, chunkSize.length(chunk.number(), diskBytes));
            long from = Math.max(chunkStart, start);
            long to = Math.min(chunkStart + content.remaining(), end);
            content.position((int) (from - chunkStart)).limit((int) (to - chunkStart));
            if (from > reached || content.remaining() > buffer.remaining()) {
                flush();
            }
            reached = from;
            buffer.put(content);
            reached = to;
        }
    }

    void finish() throws IOException {
        handOnUpTo(gapsAreZero ? end : reached);
    }

    private void handOnUpTo(long to) throws IOException {
        flush();
        zeroUpTo(to);
    }

    /** Hands on the buffer, and the zeros before it. */
    private void flush() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        zeroUpTo(reached - buffer.position());
        long at = handedOn;
        handedOn = reached;
        sink.data(at, buffer.flip());
        buffer.clear();
    }

    private void zeroUpTo(long to) throws IOException {
        long at = handedOn;
        if (to > at) {
            handedOn = to;
            sink.zero(at, to - at);
        }
    }
}
