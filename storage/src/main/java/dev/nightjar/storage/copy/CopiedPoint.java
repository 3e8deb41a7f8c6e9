package dev.nightjar.storage.copy;

import dev.nightjar.storage.point.PointRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A point that was copied.
 *
 * @param copy the point, as the target has it
 * @param base the point of the same disk whose copy was there, so that only the difference to it was read; null if all was read
 * @param readBytes content that was read
 * @param storedBytes what the target did not have of it, as packs hold it
 */
public record CopiedPoint(PointRecord copy, @Nullable UUID base, long readBytes, long storedBytes) {}
