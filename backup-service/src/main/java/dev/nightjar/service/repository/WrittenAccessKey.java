package dev.nightjar.service.repository;

import dev.nightjar.storage.blob.s3.S3Credentials;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access key of a bucket as it is written down, looked up again every other second, so that a changed one soon counts on every node. Thread-safe: one thread looks
 * it up, and others go on with the last one meanwhile, as does everybody while it cannot be looked up.
 */
final class WrittenAccessKey implements Supplier<Optional<S3Credentials>> {

    static final Duration LAG = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(WrittenAccessKey.class);

    private final Supplier<Optional<S3Credentials>> written;
    private final LongSupplier nanoTime;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Known known;

    private record Known(Optional<S3Credentials> key, long since) {}

    /** Looks it up for the first time, and throws what that throws. */
    WrittenAccessKey(Supplier<Optional<S3Credentials>> written, LongSupplier nanoTime) {
        this.written = written;
        this.nanoTime = nanoTime;
        known = new Known(written.get(), nanoTime.getAsLong());
    }

    @Override
    public Optional<S3Credentials> get() {
        long now = nanoTime.getAsLong();
        if (now - known.since() >= LAG.toNanos() && asking.compareAndSet(false, true)) {
            try {
                lookUp(now);
            } finally {
                asking.set(false);
            }
        }
        return known.key();
    }

    private void lookUp(long now) {
        try {
            known = new Known(written.get(), now);
        } catch (RuntimeException e) {
            LOG.warn("a bucket's access key cannot be looked up, the last one goes on: {}", e.getMessage());
            // Whoever waited for a database that is away does not wait again at once.
            known = new Known(known.key(), nanoTime.getAsLong());
        }
    }
}
