package dev.nightjar.service.config;

import dev.nightjar.service.error.NightjarException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The appliance's own directory, held by one process at a time. The operating system releases the lock when the process ends, however it
 * ends. Thread-safe.
 */
final class DataDirectory implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates the directory if need be, for its owner only, and locks it.
     *
     * @throws NightjarException DATA_DIRECTORY_NOT_WRITABLE or DATA_DIRECTORY_IN_USE; nothing is locked then
     */
    static DataDirectory lock(Path path) {
        FileChannel channel = null;
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new NightjarException(
                        "DATA_DIRECTORY_IN_USE",
                        "another Nightjar uses the data directory " + path,
                        "Stop it, or give this one a directory of its own with nightjar.data-directory.");
            }
            return new DataDirectory(path, channel);
        } catch (IOException e) {
            throw new NightjarException(
                    "DATA_DIRECTORY_NOT_WRITABLE",
                    "the data directory " + path + " cannot be used: " + e,
                    "Give the service's user the right to write there, or set nightjar.data-directory.",
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
