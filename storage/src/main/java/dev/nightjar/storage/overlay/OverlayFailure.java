package dev.nightjar.storage.overlay;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Tells from a file system's error what it means for the overlay in a directory. */
record OverlayFailure(Path directory, OverlayFiles files) {

    /** Less usable space than this counts as full, where the error's text is not understood. */
    private static final long FULL_BELOW_BYTES = 256 * 1024;

    /** Something could not be written; what was there before is as it was. */
    StorageException writing(IOException cause) {
        String text = text(cause);
        if (text.contains("No space left on device")
                || text.contains("Disk quota exceeded")
                || files.usableBytes(directory) < FULL_BELOW_BYTES) {
            return new StorageException(
                    StorageErrorCode.OVERLAY_FULL,
                    "no space left for the overlay in " + directory,
                    "Free space on that file system, keep the overlay as a point, or discard it.",
                    cause);
        }
        return new StorageException(
                StorageErrorCode.OVERLAY_FAILED,
                "the overlay in " + directory + " could not be written: " + text,
                "Look into the kernel's log for errors of this device or file system.",
                cause);
    }

    /** Something could not be read. */
    StorageException reading(IOException cause) {
        return new StorageException(
                StorageErrorCode.OVERLAY_FAILED,
                "the overlay in " + directory + " could not be read: " + text(cause),
                "Look into the kernel's log for errors of this device or file system.",
                cause);
    }

    /** Nobody knows any more what is durable. */
    StorageException poisoned(IOException cause) {
        return new StorageException(
                StorageErrorCode.OVERLAY_FAILED,
                "the overlay in " + directory + " failed to make writes durable and is out of use: " + text(cause),
                "Restart Nightjar to go back to the last flush that succeeded, or discard the overlay.",
                cause);
    }

    /** The overlay cannot be opened or made. */
    StorageException opening(IOException cause) {
        return new StorageException(
                StorageErrorCode.OVERLAY_NOT_WRITABLE,
                "the overlay in " + directory + " cannot be opened for writing: " + text(cause),
                "Give the service's user the right to write there, and space.",
                cause);
    }

    private static String text(IOException cause) {
        String reason = cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
        return reason == null ? cause.getClass().getSimpleName() : reason;
    }
}
