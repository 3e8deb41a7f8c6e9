package dev.nightjar.storage.blob;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What writing to a directory needs of a file system, each call one system call whose effect a crash may or may not undo. Tests put recorders and failing disks here.
 */
interface FileOperations {

    /** Creates a directory that only its owner may enter. */
    void createDirectory(Path directory) throws IOException;

    /** Creates a file that only its owner may read, and opens it; fails if there is one. */
    OpenFile createFile(Path file) throws IOException;

    /** Gives a file a second name; fails if that is taken. */
    void link(Path file, Path name) throws IOException;

    /** Removes a file. */
    void delete(Path file) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** A file open for appending. */
    interface OpenFile extends Closeable {

        /** Marks the file as in use until it is closed or this process dies; false if somebody else did. */
        boolean tryLock() throws IOException;

        /** Appends all bytes. */
        void write(ByteBuffer content) throws IOException;

        /** Makes content and length durable. */
        void sync() throws IOException;
    }
}
