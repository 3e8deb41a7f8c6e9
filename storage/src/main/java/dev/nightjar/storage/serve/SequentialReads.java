package dev.nightjar.storage.serve;

import org.jspecify.annotations.Nullable;

/**
 * Recognises readers that go from front to back, several at once and each with some requests in flight, and says what they will want next. Thread-safe.
 */
final class SequentialReads {

    private static final int STREAMS = 8;

    /** Reads of one stream arrive this much out of order, in bytes. */
    private static final long DISORDER = 4L << 20;

    /** This many reads in a row make a stream. */
    private static final int CERTAIN_AFTER = 3;

    private final long aheadBytes;
    private final long sizeBytes;
    private final Stream[] streams = new Stream[STREAMS];
    private long clock;

    SequentialReads(long aheadBytes, long sizeBytes) {
        this.aheadBytes = aheadBytes;
        this.sizeBytes = sizeBytes;
        for (int i = 0; i < STREAMS; i++) {
            streams[i] = new Stream();
        }
    }

    /** Notes a read; returns what to load before it is asked for, or null for nothing. */
    synchronized @Nullable Span note(long offset, long length) {
        clock++;
        Stream stream = streams[0];
        for (Stream each : streams) {
            if (each.continuedBy(offset)) {
                return each.advance(offset + length);
            }
            stream = each.used < stream.used ? each : stream;
        }
        stream.begin(offset + length);
        return null;
    }

    private final class Stream {

        private long next = Long.MIN_VALUE;
        private long loadedTo;
        private long used;
        private int reads;

        boolean continuedBy(long offset) {
            return next >= 0 && offset >= next - DISORDER && offset <= next + DISORDER;
        }

        void begin(long end) {
            next = end;
            loadedTo = end;
            used = clock;
            reads = 1;
        }

        @Nullable
        Span advance(long end) {
            used = clock;
            if (end <= next) {
                return null;
            }
            next = end;
            reads++;
            long from = Math.max(next, loadedTo);
            long to = Math.min(sizeBytes, next + aheadBytes);
            // In large steps: each of them costs a thread or two.
            boolean worthIt = to - from >= aheadBytes / 4 || (to == sizeBytes && to > from);
            if (reads < CERTAIN_AFTER || !worthIt) {
                return null;
            }
            loadedTo = to;
            return new Span(from, to);
        }
    }
}
