package dev.nightjar.storage.offline;

import java.util.Set;
import java.util.UUID;

/**
 * How much of a repository is checked.
 *
 * @param payload whether packs are read to their last byte, or only directories and maps
 * @param points only these points and the packs that they need; empty for everything
 */
public record CheckOptions(boolean payload, Set<UUID> points) {

    /** Everything. */
    public static final CheckOptions EVERYTHING = new CheckOptions(true, Set.of());

    /** Copies the set. */
    public CheckOptions {
        points = Set.copyOf(points);
    }
}
