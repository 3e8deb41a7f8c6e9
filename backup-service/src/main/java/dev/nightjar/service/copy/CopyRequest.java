package dev.nightjar.service.copy;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/**
 * What is chosen for a copy target.
 *
 * @param when when points are copied to it
 * @param keepDays for how many days a copy stays after its original was deleted; if left out, for ever
 */
record CopyRequest(
        @NotNull CopyWhen when,
        @Nullable @Min(0) @Max(36_500) Integer keepDays) {

    CopyChoice choice() {
        return new CopyChoice(when, keepDays);
    }
}
