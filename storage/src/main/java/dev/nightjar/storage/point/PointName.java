package dev.nightjar.storage.point;

import java.util.Optional;
import java.util.UUID;

/** The names of point records in the repository. */
public final class PointName {

    /** What all of them begin with. */
    public static final String PREFIX = "points/";

    private PointName() {}

    /** The blob that holds the record of a point. */
    public static String of(UUID point) {
        return PREFIX + point;
    }

    /** The point whose record a blob is; empty if the name is not one of a record. */
    public static Optional<UUID> parse(String name) {
        if (!name.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            UUID id = UUID.fromString(name.substring(PREFIX.length()));
            return of(id).equals(name) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
