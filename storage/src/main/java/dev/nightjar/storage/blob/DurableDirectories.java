package dev.nightjar.storage.blob;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the directories below a root, each durable before anything is put into it. Thread-safe.
 */
final class DurableDirectories {

    private static final Logger LOG = LoggerFactory.getLogger(DurableDirectories.class);

    private final Path root;
    private final FileOperations files;

    /** Directories whose own names this object has synced: at most one per directory of the repository's layout. */
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    DurableDirectories(Path root, FileOperations files) {
        this.root = root;
        this.files = files;
    }

    /** Creates the root and what is missing above it. */
    void createRoot() throws IOException {
        createRoot(root);
    }

    /** Creates {@code directory}, which lies below the root, and what is missing between them. */
    void create(Path directory) throws IOException {
        if (directory.equals(root) || durable.contains(directory)) {
            return;
        }
        Path parent = parent(directory);
        create(parent);
        boolean created = createOne(directory);
        try {
            // Also if it was there: whoever made it may have died before syncing its name.
            files.syncDirectory(parent);
        } catch (IOException e) {
            if (created) {
                takeBack(directory, e);
            }
            throw e;
        }
        durable.add(directory);
    }

    static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "a path below the root has a parent");
    }

    private void createRoot(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent == null) {
            return;
        }
        if (Files.isDirectory(directory)) {
            syncNameOfFound(parent);
            return;
        }
        createRoot(parent);
        createOne(directory);
        files.syncDirectory(parent);
    }

    /** Whoever made the directory may have died before syncing its name. */
    private void syncNameOfFound(Path parent) throws IOException {
        try {
            files.syncDirectory(parent);
        } catch (AccessDeniedException e) {
            LOG.debug("{} cannot be read: somebody else made what is in it", parent, e);
        }
    }

    /** Returns whether it was not there before. */
    private boolean createOne(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return false;
        }
        try {
            files.createDirectory(directory);
            return true;
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw notADirectory(directory, e);
            }
            return false;
        }
    }

    /** The next attempt must make it anew: after a failed fsync another one of the same name may lie. */
    private void takeBack(Path directory, IOException why) {
        try {
            files.delete(directory);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static FileSystemException notADirectory(Path directory, IOException cause) {
        FileSystemException failure = new FileSystemException(directory.toString(), null, "Not a directory");
        failure.initCause(cause);
        return failure;
    }
}
