package dev.nightjar.service.export.disk;

import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.server.export.ServedDiskException;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failure of the storage means for an NBD client. */
final class DiskErrors {

    private static final Logger LOG = LoggerFactory.getLogger(DiskErrors.class);

    private DiskErrors() {}

    /** The result, or a failure that says what the client is told. */
    static <T> T told(String export, Supplier<T> operation) {
        try {
            return operation.get();
        } catch (StorageException e) {
            throw failure(export, e);
        }
    }

    /** {@link #told} for operations that may have no answer. */
    static <T> @Nullable T toldIfAny(String export, Supplier<@Nullable T> operation) {
        try {
            return operation.get();
        } catch (StorageException e) {
            throw failure(export, e);
        }
    }

    /** {@link #told} for operations without a result. */
    static void told(String export, Runnable operation) {
        told(export, () -> {
            operation.run();
            return true;
        });
    }

    private static ServedDiskException failure(String export, StorageException e) {
        boolean full = e.code() == StorageErrorCode.OVERLAY_FULL;
        if (full) {
            LOG.debug("export {} is full", export, e);
        } else {
            LOG.warn("a request to export {} failed: {} {}", export, e.code(), e.getMessage());
        }
        return new ServedDiskException(full ? Errno.ENOSPC : Errno.EIO, e.code() + ": " + e.getMessage(), e);
    }
}
