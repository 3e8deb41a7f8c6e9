package dev.nightjar.cli.copy;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.OutputStream;

/** Standard output: every byte, in order. */
final class StreamTarget implements CopyTarget {

    private static final int ZEROS = 1 << 16;

    private final OutputStream out;
    private final byte[] zeros = new byte[ZEROS];

    StreamTarget(OutputStream out) {
        this.out = out;
    }

    @Override
    public int writers(int requests) {
        return 1;
    }

    @Override
    public boolean prefersZeros() {
        return false;
    }

    @Override
    public long minimumBlock() {
        return 1;
    }

    @Override
    public void begin(long size) {}

    @Override
    public void write(long offset, ByteBuf data) {
        try {
            data.getBytes(data.readerIndex(), out, data.readableBytes());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void zero(long offset, long length) {
        try {
            for (long left = length; left > 0; left -= ZEROS) {
                out.write(zeros, 0, (int) Math.min(ZEROS, left));
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {}

    private static CommandFailure failed(IOException e) {
        return new CommandFailure(
                CommandErrorCode.OUTPUT_FAILED,
                "cannot write to standard output: " + e.getMessage(),
                "Check where the output goes to; what was written so far is not the whole disk.",
                e);
    }
}
