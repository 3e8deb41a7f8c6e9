package dev.nightjar.service.copy;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A repository that points are copied to, as the API shows it.
 *
 * @param repositoryId the repository
 * @param when when points are copied to it
 * @param keepDays for how many days a copy stays after its original was deleted; null for ever
 * @param running whether they are being copied now
 * @param copiedPoints points of the primary repository that it has; null while one of the two cannot be opened
 * @param missingPoints points of the primary repository that it lacks; null likewise
 * @param error why that is not known
 */
@Schema(name = "CopyTarget")
record CopyTargetView(
        UUID repositoryId,
        CopyWhen when,
        @Nullable Integer keepDays,
        boolean running,
        @Nullable Integer copiedPoints,
        @Nullable Integer missingPoints,
        @Nullable String error) {}
