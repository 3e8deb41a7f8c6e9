package dev.nightjar.cli.copy;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/** What is copied. Open until it is closed; reads may be many at a time. */
interface CopySource extends AutoCloseable {

    /** In bytes. */
    long size();

    /** Reads begin at multiples of it, and end there or at the disk's end. */
    long minimumBlock();

    /** Most bytes of one read. */
    int maximumRead();

    /** Hands the whole disk on, in order and without gaps; blocks until all of it is handed on. */
    void walk(Pieces sink);

    /** The bytes of a range; the receiver releases the buffer. May block while too many reads are under way. */
    CompletableFuture<ByteBuf> read(long offset, int length);

    @Override
    void close();

    /** Receives the pieces of a disk. */
    @FunctionalInterface
    interface Pieces {
        /**
         * The next piece.
         *
         * @param zero whether it reads as zeros, so that it need not be read
         */
        void piece(long offset, long length, boolean zero);
    }
}
