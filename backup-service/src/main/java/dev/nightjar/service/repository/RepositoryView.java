package dev.nightjar.service.repository;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;

/**
 * The repository, as the API shows it.
 *
 * @param id the repository
 * @param location where it is
 * @param kind what it is kept on
 * @param chunkSize unit of deduplication, bytes
 * @param formatVersion version of its format
 * @param packs files of chunks
 * @param bytes length of the packs
 * @param points complete recovery points
 * @param chunks distinct chunks and map nodes
 * @param catalog whether the catalog knows what the repository has
 */
@Schema(name = "RepositoryInfo")
record RepositoryView(
        UUID id,
        String location,
        String kind,
        int chunkSize,
        int formatVersion,
        long packs,
        long bytes,
        long points,
        long chunks,
        Catalog catalog) {

    /** Whether the catalog knows what the repository has. */
    enum Catalog {
        /** It does. */
        MATCHES,
        /** It does not; a rebuild brings the points back. */
        NEEDS_REBUILD
    }
}
