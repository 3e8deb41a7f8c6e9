package dev.nightjar.storage.copy;

import dev.nightjar.storage.StorageErrorCode;
import java.util.UUID;

/**
 * A point that could not be copied, although others could.
 *
 * @param point the point
 * @param code why
 * @param message why, for people
 * @param hint what to do about it
 */
public record FailedCopy(UUID point, StorageErrorCode code, String message, String hint) {}
