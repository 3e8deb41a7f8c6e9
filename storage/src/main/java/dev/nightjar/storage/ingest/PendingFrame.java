package dev.nightjar.storage.ingest;

import dev.nightjar.storage.seal.SealedFrame;
import java.util.concurrent.CompletableFuture;

/**
 * New chunks that are being sealed on a worker.
 *
 * @param sealed done when they are
 */
record PendingFrame(CompletableFuture<SealedFrame> sealed) {

    /** Waits until the worker no longer touches the chunks' bytes, however it went. */
    void await() {
        sealed.handle((_, _) -> true).join();
    }
}
