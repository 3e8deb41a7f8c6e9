package dev.nightjar.cli.copy;

import io.netty.buffer.ByteBuf;

/** Nowhere: shows how fast a source can be read. */
final class NullTarget implements CopyTarget {

    @Override
    public int writers(int requests) {
        return 0;
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
    public void write(long offset, ByteBuf data) {}

    @Override
    public void zero(long offset, long length) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
