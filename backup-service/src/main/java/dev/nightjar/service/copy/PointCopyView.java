package dev.nightjar.service.copy;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether another repository has a point.
 *
 * @param repositoryId the repository
 * @param location where it is; null while it cannot be opened
 * @param present whether it has the point; null while that is not known
 * @param error why that is not known
 */
@Schema(name = "PointCopy")
record PointCopyView(
        UUID repositoryId,
        @Nullable String location,
        @Nullable Boolean present,
        @Nullable String error) {}
