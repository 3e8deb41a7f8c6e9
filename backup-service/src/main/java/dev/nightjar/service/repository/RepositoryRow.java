package dev.nightjar.service.repository;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A repository, as it is written down. Immutable.
 *
 * @param id the repository's own id
 * @param name what people call it
 * @param role what it is used for
 * @param place where it is, without credentials
 * @param accessKey the access key's name, if one was written down with it
 * @param createdAt since when this service knows it
 */
record RepositoryRow(
        UUID id,
        String name,
        RepositoryRole role,
        Place place,
        @Nullable String accessKey,
        Instant createdAt) {

    boolean primary() {
        return role == RepositoryRole.PRIMARY;
    }
}
