package dev.nightjar.service.repository;

import dev.nightjar.service.error.Failure;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A repository, as the API shows it.
 *
 * @param id the repository
 * @param name what people call it
 * @param role what it is used for
 * @param kind what it is kept on
 * @param location where it is
 * @param accessKey name of the access key that was given with it; the secret is never shown
 * @param configured whether the service's configuration says that it is here
 * @param createdAt since when this service knows it
 * @param state whether it can be used
 * @param error what keeps it from being opened, if something does
 * @param encrypted whether its content is encrypted; null while it cannot be opened
 * @param unlocking what unlocks it when the service starts
 * @param objectLock whether its store can keep objects from being deleted; null while that is not known
 * @param contents what is in it; null while it cannot be opened
 */
@Schema(name = "RepositoryInfo")
record RepositoryView(
        UUID id,
        String name,
        RepositoryRole role,
        RepositoryKind kind,
        String location,
        @Nullable String accessKey,
        boolean configured,
        Instant createdAt,
        State state,
        @Nullable RepositoryError error,
        @Nullable Boolean encrypted,
        Unlocking unlocking,
        @Nullable Boolean objectLock,
        @Nullable Contents contents) {

    /** Whether it can be used. */
    enum State {
        /** It is open. */
        OPEN,
        /** It is encrypted, and nobody has unlocked it: no content can be read or written. */
        LOCKED,
        /** It cannot be opened. */
        UNAVAILABLE
    }

    /** What unlocks it when the service starts. */
    enum Unlocking {
        /** It is not encrypted. */
        NOT_NEEDED,
        /** Somebody has to. */
        BY_HAND,
        /** The key that is kept in the data directory. */
        KEPT_KEY,
        /** The passphrase in a file that is configured. */
        PASSPHRASE_FILE
    }

    /**
     * What keeps it from being opened.
     *
     * @param code the stable name
     * @param message what happened
     * @param hint what a person can do
     */
    @Schema(name = "RepositoryError")
    record RepositoryError(String code, String message, String hint) {

        static RepositoryError of(Failure failure) {
            return new RepositoryError(failure.code(), failure.message(), failure.hint());
        }
    }

    /**
     * What is in it, by the catalog.
     *
     * @param chunkSize unit of deduplication, bytes
     * @param formatVersion version of its format
     * @param packs files of chunks
     * @param bytes length of the packs
     * @param points complete recovery points
     * @param chunks distinct chunks and map nodes
     * @param catalog whether the catalog knows what the repository has
     */
    @Schema(name = "RepositoryContents")
    record Contents(
            int chunkSize, int formatVersion, long packs, long bytes, long points, long chunks, Catalog catalog) {}

    /** Whether the catalog knows what the repository has. */
    enum Catalog {
        /** It does. */
        MATCHES,
        /** It does not; a rebuild brings the points back. */
        NEEDS_REBUILD
    }
}
