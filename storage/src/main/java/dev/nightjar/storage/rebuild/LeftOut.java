package dev.nightjar.storage.rebuild;

import dev.nightjar.storage.StorageErrorCode;

/**
 * Something in the repository that the new catalog does not have.
 *
 * @param name the blob
 * @param code why
 * @param reason why, for people
 */
public record LeftOut(String name, StorageErrorCode code, String reason) {}
