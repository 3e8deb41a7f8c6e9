package dev.nightjar.storage.repository;

import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.key.RepositoryConfig;

/**
 * What is chosen when a repository is created, and never changes.
 *
 * @param chunkSize the unit of deduplication
 * @param packTargetBytes the length from which on a pack is full
 */
public record RepositoryOptions(ChunkSize chunkSize, long packTargetBytes) {

    /** Chunks of 64 KiB, packs of 32 MiB. */
    public static RepositoryOptions defaults() {
        return new RepositoryOptions(ChunkSize.DEFAULT, RepositoryConfig.DEFAULT_PACK_TARGET_BYTES);
    }
}
