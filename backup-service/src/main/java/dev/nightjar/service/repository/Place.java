package dev.nightjar.service.repository;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.s3.S3Credentials;
import dev.nightjar.storage.blob.s3.S3Location;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository is. Immutable; never prints a secret.
 *
 * @param kind what it is kept on
 * @param address the directory's absolute path, or the URI of bucket and prefix in the one form that {@link S3Location#uri} gives
 * @param credentials of a bucket; null to look where AWS's tools look
 */
record Place(RepositoryKind kind, String address, @Nullable S3Credentials credentials) {

    static Place directory(Path directory) {
        return new Place(
                RepositoryKind.DIRECTORY, directory.toAbsolutePath().normalize().toString(), null);
    }

    static Place bucket(S3Location location, @Nullable S3Credentials credentials) {
        return new Place(RepositoryKind.S3, location.uri(), credentials);
    }

    /**
     * A place as it was written down or configured.
     *
     * @throws StorageException INVALID_ARGUMENT
     */
    static Place of(RepositoryKind kind, String address, @Nullable S3Credentials credentials) {
        return switch (kind) {
            case DIRECTORY -> directory(Path.of(address));
            case S3 -> bucket(S3Location.parse(address), credentials);
        };
    }

    Place with(@Nullable S3Credentials others) {
        return new Place(kind, address, others);
    }

    /** The directory, of a place of that kind. */
    Path path() {
        return Path.of(address);
    }

    /** For people. */
    String text() {
        return switch (kind) {
            case DIRECTORY -> address;
            case S3 -> S3Location.parse(address).toString();
        };
    }
}
