package dev.nightjar.storage.scrub;

import dev.nightjar.storage.point.PointRecord;
import org.jspecify.annotations.Nullable;

/**
 * A point that damage reaches.
 *
 * @param point the point
 * @param reach the part of its disk that cannot be read
 * @param recordDamage what is wrong with its record; null if nothing is. The point can be read as long as the catalog is there
 */
public record DamagedPoint(
        PointRecord point, Reach reach, @Nullable String recordDamage) {}
