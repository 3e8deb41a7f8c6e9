package dev.nightjar.nbd.server.export;

import java.util.concurrent.atomic.LongAdder;

/** Counts what an export does. Thread-safe. */
public final class Tally {

    private final LongAdder connections = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LongAdder errors = new LongAdder();

    void connected() {
        connections.increment();
    }

    /** A request was answered without error. */
    public void answered() {
        requests.increment();
    }

    /** A read of so many bytes was answered. */
    public void read(long bytes) {
        requests.increment();
        bytesRead.add(bytes);
    }

    /** So many bytes were written; their request counts when it is answered. */
    public void addWritten(long bytes) {
        bytesWritten.add(bytes);
    }

    /** A request was answered with an error. */
    public void failed() {
        requests.increment();
        errors.increment();
    }

    ExportStatistics snapshot(int clients) {
        return new ExportStatistics(
                clients, connections.sum(), requests.sum(), bytesRead.sum(), bytesWritten.sum(), errors.sum());
    }
}
