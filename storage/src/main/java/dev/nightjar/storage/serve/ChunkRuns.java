package dev.nightjar.storage.serve;

import dev.nightjar.storage.chunk.ChunkSize;

/** Makes ranges of bytes of single chunks that are told in ascending order. Used by one thread. */
final class ChunkRuns {

    /** A set range is told at the latest when it is so many chunks long, so that whoever asked can decide whether to go on. */
    private static final long LONGEST = 1L << 18;

    private final ChunkSize chunkSize;
    private final long end;
    private final StatusSink sink;
    /** Up to here everything was told. */
    private long told;
    /** From {@link #told} to here is set. */
    private long reached;

    ChunkRuns(ChunkSize chunkSize, long offset, long end, StatusSink sink) {
        this.chunkSize = chunkSize;
        this.end = end;
        this.sink = sink;
        told = offset;
        reached = offset;
    }

    /** A chunk that is set; false if nobody wants to know more. */
    boolean set(long chunk) {
        long from = Math.max(chunkSize.offset(chunk), told);
        long to = endOf(chunk);
        if (from > reached && !(tellSet() && tell(from, false))) {
            return false;
        }
        reached = to;
        return reached - told < LONGEST * chunkSize.bytes() || tellSet();
    }

    /** The rest is not set. */
    void finish() {
        if (tellSet()) {
            tell(end, false);
        }
    }

    private boolean tellSet() {
        return tell(reached, true);
    }

    private boolean tell(long to, boolean set) {
        if (to <= told) {
            return true;
        }
        long length = to - told;
        told = to;
        reached = Math.max(reached, to);
        return sink.range(length, set);
    }

    private long endOf(long chunk) {
        long start = chunkSize.offset(chunk);
        return end - start < chunkSize.bytes() ? end : start + chunkSize.bytes();
    }
}
