package dev.nightjar.cli.copy;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Finds whole granules of zeros in data. */
final class ZeroRuns {

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 16).asReadOnlyBuffer();

    private ZeroRuns() {}

    /** Receives neighbouring runs that together are the whole buffer. */
    @FunctionalInterface
    interface Runs {
        /** A run; the start is counted from the first readable byte. */
        void run(int start, int length, boolean zero);
    }

    static void split(ByteBuf data, int granule, Runs sink) {
        ByteBuffer bytes = data.nioBuffer();
        int length = bytes.remaining();
        int start = 0;
        boolean zero = false;
        for (int at = 0; at < length; at += granule) {
            boolean now = isZero(bytes, at, Math.min(granule, length - at));
            if (now != zero) {
                if (at > start) {
                    sink.run(start, at - start, zero);
                }
                start = at;
                zero = now;
            }
        }
        if (length > start) {
            sink.run(start, length - start, zero);
        }
    }

    private static boolean isZero(ByteBuffer bytes, int from, int length) {
        for (int done = 0; done < length; done += ZEROS.capacity()) {
            int step = Math.min(ZEROS.capacity(), length - done);
            if (bytes.slice(from + done, step).mismatch(ZEROS.slice(0, step)) >= 0) {
                return false;
            }
        }
        return true;
    }
}
