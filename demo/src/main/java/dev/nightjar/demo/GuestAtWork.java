package dev.nightjar.demo;

import dev.nightjar.testkit.GuestWrite;
import dev.nightjar.testkit.StorageDaemon;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A guest that goes on writing while it is being backed up: none of it may show in that point. Thread-confined. */
final class GuestAtWork {

    private final StorageDaemon.LiveDisk disk;
    private final List<GuestWrite> writes;
    private @Nullable CompletableFuture<Void> work;

    GuestAtWork(StorageDaemon.LiveDisk disk, List<GuestWrite> writes) {
        this.disk = disk;
        this.writes = writes;
    }

    /** Begins, beside the caller, when the run reads from its frozen view. */
    void beginOnceReading(JsonNode run) {
        if (work == null && "READING".equals(run.path("phase").asString())) {
            work = begin();
        }
    }

    /** Waits until all is written; a run that was too quick to be seen reading has its guest work now. */
    void finish() {
        CompletableFuture<Void> begun = work;
        (begun == null ? begin() : begun).join();
    }

    private CompletableFuture<Void> begin() {
        return CompletableFuture.runAsync(() -> disk.writer().apply(writes), Thread::startVirtualThread);
    }
}
