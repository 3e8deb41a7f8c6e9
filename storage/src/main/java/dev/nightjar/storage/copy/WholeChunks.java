package dev.nightjar.storage.copy;

import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.recover.RegionSink;
import java.nio.ByteBuffer;

/**
 * Hands regions to an ingest that takes whole chunks only, and has larger ones than those that the regions are made of: what begins or ends within a chunk is put together
 * with its neighbours. Used by one thread.
 */
final class WholeChunks implements RegionSink {

    private final DiskIngest ingest;
    private final int chunkBytes;
    private final long diskBytes;
    /** The part of a chunk that has come so far. */
    private final ByteBuffer part;

    WholeChunks(DiskIngest ingest, int chunkBytes, long diskBytes) {
        this.ingest = ingest;
        this.chunkBytes = chunkBytes;
        this.diskBytes = diskBytes;
        this.part = ByteBuffer.allocate(chunkBytes);
    }

    @Override
    public void data(long offset, ByteBuffer bytes) {
        long at = offset;
        while (bytes.hasRemaining()) {
            int whole = (int) whole(at, bytes.remaining());
            int length = whole > 0 ? whole : Math.min(bytes.remaining(), toEndOfChunk(at));
            ByteBuffer piece = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            if (whole > 0) {
                ingest.data(at, piece);
            } else {
                part.put(piece);
                handOnPart(at + length);
            }
            at += length;
        }
    }

    @Override
    public void zero(long offset, long length) {
        long at = offset;
        long end = offset + length;
        while (at < end) {
            long whole = whole(at, end - at);
            if (whole > 0) {
                ingest.zero(at, whole);
                at += whole;
            } else {
                int few = (int) Math.min(end - at, toEndOfChunk(at));
                part.put(new byte[few]);
                at += few;
                handOnPart(at);
            }
        }
    }

    /** How much of a range that begins at {@code at} is whole chunks, if no part of one waits. */
    private long whole(long at, long length) {
        if (part.position() > 0 || at % chunkBytes != 0) {
            return 0;
        }
        return at + length == diskBytes ? length : length / chunkBytes * chunkBytes;
    }

    private int toEndOfChunk(long at) {
        return (int) Math.min(chunkBytes - at % chunkBytes, diskBytes - at);
    }

    private void handOnPart(long end) {
        if (end % chunkBytes == 0 || end == diskBytes) {
            ByteBuffer whole = part.flip();
            ingest.data(end - whole.remaining(), whole);
            part.clear();
        }
    }
}
