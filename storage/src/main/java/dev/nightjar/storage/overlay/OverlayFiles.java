package dev.nightjar.storage.overlay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What an overlay needs of a file system, each call one system call whose effect a crash may or may not undo. Tests put recorders and failing disks here.
 */
interface OverlayFiles {

    /** Creates a directory that only its owner may enter. */
    void createDirectory(Path directory) throws IOException;

    /** Whether there is such a file. */
    boolean exists(Path file);

    /** Creates a file that only its owner may read, and opens it; fails if there is one. */
    OpenFile create(Path file) throws IOException;

    /** Opens a file that exists for reading and writing. */
    OpenFile open(Path file) throws IOException;

    /** Gives a file the name of another, which is gone then; at no time is there neither. */
    void replace(Path file, Path name) throws IOException;

    /** Removes a file or an empty directory, if it is there. */
    void delete(Path file) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** Bytes that can still be written to the file system of a directory; the largest number if nobody knows. */
    long usableBytes(Path directory);

    /** An open file. Reads and writes at different places may overlap in time. */
    interface OpenFile extends Closeable {

        /** Marks the file as in use until it is closed or this process dies; false if somebody else did. */
        boolean tryLock() throws IOException;

        /** Its length in bytes. */
        long size() throws IOException;

        /** Fills the buffer from {@code offset} on; what is beyond the end is left out, and the position says how far it came. */
        void read(ByteBuffer target, long offset) throws IOException;

        /** Writes all bytes at {@code offset}. If this throws, a part of them may have been written. */
        void write(ByteBuffer content, long offset) throws IOException;

        /** Makes content and length durable. */
        void sync() throws IOException;
    }
}
