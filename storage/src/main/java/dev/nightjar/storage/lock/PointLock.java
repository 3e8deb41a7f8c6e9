package dev.nightjar.storage.lock;

import dev.nightjar.storage.blob.BlobName;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A point that is kept until a date, and the name of the blob that says so: {@code locks/<point id>/<seconds>}.
 *
 * @param point the point
 * @param until when it may be deleted again, in whole seconds
 */
public record PointLock(UUID point, Instant until) {

    /** What the names of all locks begin with. */
    public static final String PREFIX = "locks/";

    private static final int ID_LENGTH = 36;
    private static final int NAME_LENGTH = PREFIX.length() + ID_LENGTH + 1;

    /** What the names of all locks of a point begin with. */
    static String prefix(UUID point) {
        return BlobName.requireValidPrefix(PREFIX + point + "/");
    }

    /** The blob. */
    public String blobName() {
        return prefix(point) + until.getEpochSecond();
    }

    /** The lock that a blob is; empty if the name is not one of a lock. */
    public static Optional<PointLock> parse(String name) {
        if (!name.startsWith(PREFIX)
                || name.length() <= NAME_LENGTH
                || !name.substring(NAME_LENGTH).matches("[1-9][0-9]{0,11}")) {
            return Optional.empty();
        }
        UUID point = id(name.substring(PREFIX.length(), NAME_LENGTH - 1));
        return point == null
                ? Optional.empty()
                : Optional.of(new PointLock(point, Instant.ofEpochSecond(Long.parseLong(name.substring(NAME_LENGTH)))))
                        .filter(lock -> lock.blobName().equals(name));
    }

    private static @Nullable UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
