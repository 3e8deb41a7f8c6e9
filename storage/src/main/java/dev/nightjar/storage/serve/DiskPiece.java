package dev.nightjar.storage.serve;

import java.nio.ByteBuffer;

/** A part of what was read of a disk. */
public sealed interface DiskPiece {

    /** How many bytes of the disk it is. */
    long length();

    /**
     * Bytes that lie in memory shared with other readers.
     *
     * @param bytes from position to limit, off the heap; only to be read, and only until {@link #release}
     * @param hold what keeps the memory as it is
     */
    record Data(ByteBuffer bytes, MemoryHold hold) implements DiskPiece {

        @Override
        public long length() {
            return bytes.remaining();
        }

        /** Gives the memory back. To be called exactly once, from any thread. */
        public void release() {
            hold.release();
        }
    }

    /**
     * Nothing but zeros.
     *
     * @param length how many
     */
    record Zeros(long length) implements DiskPiece {}
}
