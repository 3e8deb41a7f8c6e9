package dev.nightjar.storage.lock;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The locks that lie in a repository: blobs, which no catalog can forget. Of several of a point the longest counts; none is ever made shorter. They hold by their names, also where the key
 * is not at hand and also if their content is damaged: in doubt a point is kept. Thread-safe.
 */
public final class PointLocks {

    private final BlobStore blobs;
    private final LockClock clock;

    /** The locks of one repository. */
    public PointLocks(BlobStore blobs, LockClock clock) {
        this.blobs = blobs;
        this.clock = clock;
    }

    /** The repository's time. */
    public Instant now() {
        return clock.now();
    }

    /** Every lock, also those that have ended; of each point the longest. */
    public List<PointLock> all() {
        return longest(PointLock.PREFIX);
    }

    /** The lock of a point, if it has not ended. */
    public Optional<PointLock> of(UUID point) {
        return longest(PointLock.prefix(point)).stream()
                .filter(lock -> lock.until().isAfter(now()))
                .findFirst();
    }

    /**
     * Returns if a point may be deleted.
     *
     * @throws StorageException POINT_LOCKED
     */
    public void requireUnlocked(UUID point) {
        Optional<PointLock> lock = of(point);
        if (lock.isPresent()) {
            throw new StorageException(
                    StorageErrorCode.POINT_LOCKED,
                    "Recovery point " + point + " is locked until " + lock.get().until(),
                    "Nobody can delete it before that; a lock can be extended, but neither removed nor made shorter.");
        }
    }

    /** Removes the locks of a point that is gone, which have ended. */
    public void forget(UUID point) {
        for (String name : names(PointLock.prefix(point))) {
            blobs.delete(name);
        }
    }

    private List<PointLock> longest(String prefix) {
        return names(prefix).stream()
                .flatMap(name -> PointLock.parse(name).stream())
                .collect(Collectors.toMap(
                        PointLock::point, lock -> lock, BinaryOperator.maxBy(Comparator.comparing(PointLock::until))))
                .values()
                .stream()
                .toList();
    }

    private List<String> names(String prefix) {
        try (Stream<BlobInfo> found = blobs.list(prefix)) {
            return found.map(BlobInfo::name).toList();
        }
    }
}
