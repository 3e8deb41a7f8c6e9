package dev.nightjar.service.export;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An export that somebody wants.
 *
 * @param pointId which point to serve
 * @param repositoryId which repository has it; the primary one if left out
 * @param writable whether it can be written; if left out it cannot
 * @param overlayLimitBytes how much data may be written; if left out, what nightjar.nbd.overlay-limit says
 * @param name its name; if left out it is made of machine, disk and instant
 */
@Schema(name = "ExportRequest")
record OpenExportRequest(
        @NotNull UUID pointId,
        @Nullable UUID repositoryId,
        @Nullable Boolean writable,
        @Nullable @Min(1 << 20) @Max(1L << 50) Long overlayLimitBytes,

        @Nullable
        @Pattern(
                regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}",
                message =
                        "must be 1 to 128 letters, digits, dots, dashes or underscores, and begin with a letter or a digit")
        String name) {

    boolean wantsWritable() {
        return Boolean.TRUE.equals(writable);
    }
}
