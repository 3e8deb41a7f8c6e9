package dev.nightjar.storage.repository;

import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RepositoryConfig;
import org.jspecify.annotations.Nullable;

/**
 * What is chosen when a repository is created, and never changes.
 *
 * @param chunkSize the unit of deduplication
 * @param packTargetBytes the length from which on a pack is full
 * @param keys what opens it; null not to encrypt it
 */
public record RepositoryOptions(
        ChunkSize chunkSize, long packTargetBytes, @Nullable NewKeys keys) {

    /** Chunks of 64 KiB, packs of 32 MiB, not encrypted. */
    public static RepositoryOptions defaults() {
        return new RepositoryOptions(ChunkSize.DEFAULT, RepositoryConfig.DEFAULT_PACK_TARGET_BYTES, null);
    }

    /** The same, encrypted. */
    public RepositoryOptions encrypted(NewKeys newKeys) {
        return new RepositoryOptions(chunkSize, packTargetBytes, newKeys);
    }
}
