package dev.nightjar.storage.blob;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tells from a file system's error what it means for the repository in a directory.
 *
 * <p>Java hands most error numbers on as text in the language of the process. So where the text is not understood, the state of the file system decides.
 */
record FileFailure(Path root) {

    /** Less usable space than this counts as full. */
    private static final long FULL_BELOW_BYTES = 64 * 1024;

    /** Whether it is certain that it is the device that failed. */
    static boolean isOfDevice(IOException cause) {
        return text(cause).contains("Input/output error");
    }

    StorageException writing(String what, IOException cause) {
        String text = text(cause);
        if (cause instanceof ClosedByInterruptException) {
            return interrupted(what, cause);
        }
        if (cause instanceof AccessDeniedException || text.contains("Operation not permitted")) {
            return notWritable(
                    what, "permission denied", "Give the user that runs Nightjar write access to it.", cause);
        }
        if (text.contains("Read-only file system")) {
            return readOnly(what, cause);
        }
        if (text.contains("Not a directory")) {
            return notWritable(
                    what, "not a directory", "Choose a directory, or remove the file that is in its place.", cause);
        }
        if (text.contains("No space left on device") || text.contains("Disk quota exceeded")) {
            return full(what, cause);
        }
        FileStore store = fileStore();
        if (store != null && store.isReadOnly()) {
            return readOnly(what, cause);
        }
        if (store != null && usableBytes(store) < FULL_BELOW_BYTES) {
            return full(what, cause);
        }
        return inputOutput(what, cause);
    }

    StorageException reading(String what, IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return interrupted(what, cause);
        }
        if (cause instanceof AccessDeniedException) {
            return new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_READABLE,
                    "cannot read " + what + " in " + root + ": permission denied",
                    "Give the user that runs Nightjar read access to it.",
                    cause);
        }
        return inputOutput(what, cause);
    }

    private StorageException readOnly(String what, IOException cause) {
        return notWritable(
                what,
                "the file system is read-only",
                "Mount it read-write; after an error the kernel may have made it read-only, see its log.",
                cause);
    }

    private StorageException notWritable(String what, String why, String hint, IOException cause) {
        return new StorageException(
                StorageErrorCode.REPOSITORY_NOT_WRITABLE,
                "cannot write " + what + " in " + root + ": " + why,
                hint,
                cause);
    }

    private StorageException full(String what, IOException cause) {
        return new StorageException(
                StorageErrorCode.REPOSITORY_FULL,
                "no space left for " + what + " in " + root,
                "Free space or inodes on that file system, raise the quota, or delete recovery points.",
                cause);
    }

    private StorageException interrupted(String what, IOException cause) {
        return new StorageException(
                StorageErrorCode.INTERRUPTED,
                "interrupted at " + what + " in " + root,
                "The operation was cancelled; start it again.",
                cause);
    }

    private StorageException inputOutput(String what, IOException cause) {
        return new StorageException(
                StorageErrorCode.REPOSITORY_IO_ERROR,
                "input/output error at " + what + " in " + root + ": " + text(cause),
                "Look into the kernel's log for errors of this device or file system.",
                cause);
    }

    private @Nullable FileStore fileStore() {
        try {
            return Files.getFileStore(root);
        } catch (IOException e) {
            return null;
        }
    }

    private static long usableBytes(FileStore store) {
        try {
            return store.getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    private static String text(IOException cause) {
        String reason = cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
        return reason == null ? cause.getClass().getSimpleName() : reason;
    }
}
