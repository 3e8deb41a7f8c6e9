package dev.nightjar.storage.lock;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time by which locks are judged. Thread-safe.
 *
 * <p>It is never ahead of the local clock, and from one look to the next it never runs more than four times as fast as the time that has really passed, as the machine's steady clock counts
 * it: so a clock that was set forward, by accident or to get at a locked point, shortens no lock by more than four times as long as nobody noticed; neither starting again nor having been
 * right for long gives it anything. Somebody has to look every few minutes for that. A clock that was set back only makes locks last longer. After a longer time without Nightjar, or after
 * the clock was wrong, the repository's time catches up by itself.
 *
 * <p>What it has come to is kept in the repository, as a blob {@code clock/<seconds>}; the largest number counts.
 */
public final class LockClock {

    private static final String PREFIX = "clock/";
    private static final int CATCHES_UP = 4;
    private static final Duration WRITTEN_EVERY = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(LockClock.class);

    private final BlobStore blobs;
    private final InstantSource clock;
    private final LongSupplier steadyNanos;

    /** The furthest that the repository's time has come to; null before the first look. */
    private @Nullable Instant reached;

    private long lookedNanos;
    private @Nullable Instant written;

    /**
     * @param clock the local clock
     * @param steadyNanos a clock that nobody can set, in nanoseconds since whenever
     */
    public LockClock(BlobStore blobs, InstantSource clock, LongSupplier steadyNanos) {
        this.blobs = blobs;
        this.clock = clock;
        this.steadyNanos = steadyNanos;
    }

    /**
     * The repository's time. Writes it down every hour, or as soon as there is room.
     *
     * @throws StorageException what the store says, but not REPOSITORY_FULL
     */
    public synchronized Instant now() {
        Instant local = clock.instant();
        long nanos = steadyNanos.getAsLong();
        if (reached == null) {
            OptionalLong stored = numbers().stream().mapToLong(Long::longValue).max();
            reached = stored.isPresent() ? Instant.ofEpochSecond(stored.getAsLong()) : local;
            written = stored.isPresent() ? reached : Instant.EPOCH;
            lookedNanos = nanos;
        }
        Instant most = reached.plus(Duration.ofNanos(nanos - lookedNanos).multipliedBy(CATCHES_UP));
        Instant now = local.isBefore(most) ? local : most;
        // What a clock that is right did not use up is no head start for one that is set forward later.
        reached = now.isAfter(reached) ? now : reached;
        lookedNanos = nanos;
        if (written == null || now.isAfter(written.plus(WRITTEN_EVERY))) {
            tryWriting(now);
        }
        return now;
    }

    /** On a full disk points have to be deleted and space be reclaimed by this time, and until it is opened again the repository needs no note of it. */
    private void tryWriting(Instant now) {
        try {
            write(now);
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.REPOSITORY_FULL) {
                throw e;
            }
            LOG.warn("the time of the repository is written down at the next look: {}", e.getMessage());
        }
    }

    private void write(Instant now) {
        long seconds = now.getEpochSecond();
        blobs.putIfAbsent(PREFIX + seconds, ByteBuffer.allocate(0));
        numbers().stream().filter(number -> number < seconds).forEach(number -> blobs.delete(PREFIX + number));
        written = now;
    }

    private List<Long> numbers() {
        try (Stream<BlobInfo> found = blobs.list(PREFIX)) {
            return found.map(blob -> blob.name().substring(PREFIX.length()))
                    .filter(number -> number.matches("[1-9][0-9]{0,11}"))
                    .map(Long::valueOf)
                    .toList();
        }
    }
}
