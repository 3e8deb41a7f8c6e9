package dev.nightjar.storage.blob;

import java.nio.ByteBuffer;

/** One call to a file system that changes something, or makes a change durable. Paths are relative to where the file system begins. */
sealed interface FileOperation {

    /** A directory appears. */
    record MakeDirectory(String path) implements FileOperation {}

    /** An empty file appears. */
    record CreateFile(int file, String path) implements FileOperation {}

    /** Bytes at a file's end. */
    record Append(int file, ByteBuffer content) implements FileOperation {}

    /** Whatever was appended so far is durable, the file's names are not. */
    record SyncFile(int file) implements FileOperation {}

    /** Another name of a file. */
    record Link(int file, String path) implements FileOperation {}

    /** A name goes, of a file or of an empty directory. */
    record Remove(String path) implements FileOperation {}

    /** The names in a directory are durable as they are. */
    record SyncDirectory(String path) implements FileOperation {}
}
