package dev.nightjar.service.restore;

import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A response's body as a sink; zeros are sent like any other byte. */
final class ResponseSink implements RegionSink {

    private static final byte[] ZEROS = new byte[64 * 1024];

    private final OutputStream out;
    private final byte[] copy = new byte[64 * 1024];
    private boolean clientGone;

    ResponseSink(OutputStream out) {
        this.out = out;
    }

    /** Whether writing failed, which means that nobody takes the rest. */
    boolean clientGone() {
        return clientGone;
    }

    @Override
    public void data(long offset, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int length = Math.min(copy.length, bytes.remaining());
            bytes.get(copy, 0, length);
            write(copy, length);
        }
    }

    @Override
    public void zero(long offset, long length) throws IOException {
        for (long left = length; left > 0; left -= ZEROS.length) {
            write(ZEROS, (int) Math.min(left, ZEROS.length));
        }
    }

    private void write(byte[] bytes, int length) throws IOException {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            clientGone = true;
            throw e;
        }
    }
}
