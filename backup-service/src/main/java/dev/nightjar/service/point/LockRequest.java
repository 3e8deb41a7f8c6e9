package dev.nightjar.service.point;

import jakarta.validation.constraints.NotNull;
import java.time.Instant;

/**
 * How long a point is to be kept.
 *
 * @param until nobody can delete it before
 */
record LockRequest(@NotNull Instant until) {}
