package dev.nightjar.storage.key;

import dev.nightjar.storage.chunk.IdKey;
import dev.nightjar.storage.seal.DataKey;
import org.jspecify.annotations.Nullable;

/**
 * What a key file keeps. Immutable; never printed.
 *
 * @param idKey the key of the chunk ids
 * @param dataKey what content is encrypted under; null in a repository that is not
 */
record Secrets(IdKey idKey, @Nullable DataKey dataKey) {}
