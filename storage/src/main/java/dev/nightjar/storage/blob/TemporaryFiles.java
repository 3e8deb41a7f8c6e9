package dev.nightjar.storage.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that are being written, in {@code tmp/}. Whoever writes one holds a lock on it, so what a killed process left is told from what is in use without
 * believing any clock. Thread-safe.
 */
final class TemporaryFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFiles.class);

    private static final int ATTEMPTS = 5;

    /**
     * The files that this process writes, by their real paths. Opening and closing one of them once more, only to try its lock, would drop the lock: POSIX locks belong to the process.
     */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileOperations files;

    TemporaryFiles(Path root, FileOperations files) {
        this.directory = root.resolve(BlobName.TEMPORARY);
        this.files = files;
    }

    /** A file open for appending, and its temporary place. */
    record Temporary(Path path, FileOperations.OpenFile file) {}

    Temporary create() throws IOException {
        createDirectory();
        Path real = directory.toRealPath();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Path path = real.resolve(UUID.randomUUID().toString());
            IN_USE.add(path);
            Temporary created = tryCreate(path);
            if (created != null) {
                return created;
            }
            IN_USE.remove(path);
        }
        throw new IOException("another process removes temporary files as fast as they are made");
    }

    /** Removes a temporary name and forgets it. Never throws: what stays behind is swept later. */
    void discard(Temporary temporary) {
        try {
            files.delete(temporary.path());
        } catch (IOException e) {
            LOG.debug("left a temporary file behind: {}", temporary.path(), e);
        }
        try {
            temporary.file().close();
        } catch (IOException e) {
            LOG.debug("closing a temporary file failed: {}", temporary.path(), e);
        }
        IN_USE.remove(temporary.path());
    }

    /** Removes what killed processes left behind, as far as that is possible. */
    void sweep() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory.toRealPath())) {
            for (Path leftover : leftovers) {
                sweep(leftover);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debug("cannot sweep {}", directory, e);
        }
    }

    private void sweep(Path leftover) {
        if (IN_USE.contains(leftover)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(leftover, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                files.delete(leftover);
            }
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("cannot sweep {}", leftover, e);
        }
    }

    private @Nullable Temporary tryCreate(Path path) throws IOException {
        FileOperations.OpenFile file = files.createFile(path);
        boolean ours = false;
        try {
            // A sweeper of another process may have come between creation and lock.
            ours = file.tryLock() && Files.exists(path);
            return ours ? new Temporary(path, file) : null;
        } finally {
            if (!ours) {
                file.close();
            }
        }
    }

    private void createDirectory() throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }
}
