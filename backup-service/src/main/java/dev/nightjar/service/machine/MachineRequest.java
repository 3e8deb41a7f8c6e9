package dev.nightjar.service.machine;

import dev.nightjar.service.source.SourceSpec;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A machine, as people describe it.
 *
 * @param name what people call it, unique
 * @param description what it is for
 * @param source where its disks are reached
 */
record MachineRequest(
        @NotBlank @Size(max = 200) String name,
        @Nullable @Size(max = 2000) String description,
        @NotNull @Valid SourceSpec source) {}
