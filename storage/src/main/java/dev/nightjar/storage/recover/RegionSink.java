package dev.nightjar.storage.recover;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes a part of a disk from front to back, without gaps. Called by the thread that asked for it. */
public interface RegionSink {

    /**
     * Bytes of the disk.
     *
     * @param offset where they lie, in bytes
     * @param bytes from position to limit; the sink's to read until it returns, and no longer
     */
    void data(long offset, ByteBuffer bytes) throws IOException;

    /**
     * A range that is zero, as long as it is zero.
     *
     * @param offset where it begins, in bytes
     * @param length bytes, at least one
     */
    void zero(long offset, long length) throws IOException;
}
