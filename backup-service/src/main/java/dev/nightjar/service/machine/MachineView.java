package dev.nightjar.service.machine;

import dev.nightjar.service.point.PointView;
import dev.nightjar.service.run.RunView;
import dev.nightjar.service.source.SourceSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A machine, as the API shows it.
 *
 * @param id the machine
 * @param name what people call it
 * @param description what it is for
 * @param source where its disks are reached
 * @param createdAt when it was added
 * @param lastRun its newest backup run
 * @param lastPoint its newest recovery point
 * @param policyIds the policies that back it up
 */
@Schema(name = "Machine")
record MachineView(
        UUID id,
        String name,
        @Nullable String description,
        SourceSpec source,
        Instant createdAt,
        @Nullable RunView lastRun,
        @Nullable PointView lastPoint,
        List<UUID> policyIds) {}
