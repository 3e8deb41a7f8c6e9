package dev.nightjar.storage.serve;

import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.point.PointRecord;

/**
 * What is served of a point; it can outlive the point as long as its chunks are protected.
 *
 * @param root the content
 * @param sizeBytes the disk's size
 */
public record PointContent(MapRoot root, long sizeBytes) {

    /** The content of a point. */
    public static PointContent of(PointRecord point) {
        return new PointContent(point.root(), point.sizeBytes());
    }
}
