package dev.nightjar.storage;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What another thread was asked for. */
public final class Awaited {

    private Awaited() {}

    /**
     * Waits for it.
     *
     * @param what the work that is interrupted if this thread is, for people
     * @param hint what to do then
     * @throws StorageException what the other thread threw, or INTERRUPTED
     */
    public static <T> T of(Future<T> task, String what, String hint) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StorageException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(StorageErrorCode.INTERRUPTED, what + " was interrupted", hint, e);
        }
    }
}
