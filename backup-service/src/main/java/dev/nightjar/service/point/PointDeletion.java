package dev.nightjar.service.point;

import java.util.UUID;

/**
 * Somebody, or retention, is about to delete a point. Whoever hears of it does so before, on the deleting thread: what he throws keeps the point. The deletion may still fail, so that
 * it counts only once the point is gone.
 *
 * @param repositoryId where
 * @param pointId which
 */
public record PointDeletion(UUID repositoryId, UUID pointId) {}
