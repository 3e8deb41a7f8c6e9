package dev.nightjar.cli.copy;

import io.netty.buffer.ByteBuf;

/** What is copied onto. Its methods block. Ranges come in any order, from {@link #writers} threads. */
interface CopyTarget extends AutoCloseable {

    /**
     * How many threads may write at a time. With one, ranges come in order, from the first byte to the last. With none nothing
     * is to be written: the target only counts.
     *
     * @param requests as many as are read at a time
     */
    int writers(int requests);

    /** Whether zeros are better told than written, so that looking for them in data pays. */
    boolean prefersZeros();

    /** Ranges begin at multiples of it, and end there or at the source's end. */
    long minimumBlock();

    /** Called once before everything else; throws if so many bytes cannot be held. */
    void begin(long size);

    /** Writes the readable bytes. The caller keeps the buffer and its indices. */
    void write(long offset, ByteBuf data);

    void zero(long offset, long length);

    /** Called once after everything else; afterwards what was written is on stable storage. */
    void flush();

    @Override
    void close();
}
