package dev.nightjar.service.copy;

import jakarta.validation.constraints.NotNull;

/**
 * What is chosen for a copy target.
 *
 * @param when when points are copied to it
 */
record CopyRequest(@NotNull CopyWhen when) {}
