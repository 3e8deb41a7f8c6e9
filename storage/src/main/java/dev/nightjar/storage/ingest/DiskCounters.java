package dev.nightjar.storage.ingest;

import java.util.concurrent.atomic.LongAdder;

/** What a disk's ingest has moved so far; added to by every stage, read by anybody. */
final class DiskCounters {

    private final LongAdder read = new LongAdder();
    private final LongAdder zero = new LongAdder();
    private final LongAdder fresh = new LongAdder();
    private final LongAdder deduplicated = new LongAdder();
    private final LongAdder stored = new LongAdder();

    void read(long bytes) {
        read.add(bytes);
    }

    void zero(long bytes) {
        zero.add(bytes);
    }

    void fresh(long bytes) {
        fresh.add(bytes);
    }

    void deduplicated(long bytes) {
        deduplicated.add(bytes);
    }

    void stored(long bytes) {
        stored.add(bytes);
    }

    IngestProgress progress() {
        return new IngestProgress(read.sum(), zero.sum(), fresh.sum(), deduplicated.sum(), stored.sum());
    }
}
