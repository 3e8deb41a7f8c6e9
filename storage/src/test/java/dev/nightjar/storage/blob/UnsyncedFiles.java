package dev.nightjar.storage.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The operating system's files without ever syncing them, for tests that look at what is there and do not cut the power for real. */
public final class UnsyncedFiles implements FileOperations {

    private final FileOperations files = new LocalFiles();

    /** Opens a store whose writes nobody waits for. */
    public static BlobStore open(Path directory) {
        return DirectoryBlobStore.open(directory, new UnsyncedFiles(), 0);
    }

    /** Makes a store whose writes nobody waits for. */
    public static BlobStore create(Path directory) {
        return DirectoryBlobStore.create(directory, new UnsyncedFiles(), 0);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        files.createDirectory(directory);
    }

    @Override
    public OpenFile createFile(Path file) throws IOException {
        OpenFile open = files.createFile(file);
        return new OpenFile() {
            @Override
            public boolean tryLock() throws IOException {
                return open.tryLock();
            }

            @Override
            public void write(ByteBuffer content) throws IOException {
                open.write(content);
            }

            @Override
            public void sync() {}

            @Override
            public void close() throws IOException {
                open.close();
            }
        };
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        files.link(file, name);
    }

    @Override
    public void delete(Path file) throws IOException {
        files.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) {}
}
