package dev.nightjar.service.repository;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.config.NightjarProperties.RepositoryProperties;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.s3.S3Credentials;
import dev.nightjar.storage.blob.s3.S3Location;
import dev.nightjar.storage.key.Unlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What the operator's configuration says of the primary repository. Thread-safe. */
@Component
class ConfiguredRepository {

    private final RepositoryProperties properties;
    private final Path standard;

    ConfiguredRepository(NightjarProperties properties) {
        this.properties = properties.repository();
        this.standard = properties.defaultRepositoryDirectory();
    }

    /** Where a repository is made unless somebody says otherwise. */
    Path standardDirectory() {
        return standard;
    }

    /**
     * Where the primary repository is, if that is configured; a passphrase alone means the usual directory.
     *
     * @throws dev.nightjar.storage.StorageException INVALID_ARGUMENT
     */
    Optional<Place> place() {
        String bucket = properties.s3();
        if (bucket != null && !bucket.isBlank()) {
            return Optional.of(Place.bucket(S3Location.parse(bucket.strip()), credentials()));
        }
        Optional<Path> directory = given(properties.directory());
        return directory.isEmpty() && hasPassphraseFile()
                ? Optional.of(Place.directory(standard))
                : directory.map(Place::directory);
    }

    /** Whether this is the place that is configured. */
    boolean isAt(Place place) {
        return place().filter(configured -> configured.address().equals(place.address()))
                .isPresent();
    }

    /**
     * The passphrase in the configured file, read anew each time.
     *
     * @throws StorageException KEY_NOT_FOUND
     */
    Optional<Unlock.Passphrase> passphrase() {
        return given(properties.passphraseFile()).map(ConfiguredRepository::passphraseIn);
    }

    boolean hasPassphraseFile() {
        return given(properties.passphraseFile()).isPresent();
    }

    private static Unlock.Passphrase passphraseIn(Path file) {
        try {
            String text = Files.readString(file).strip();
            if (!text.isEmpty()) {
                return new Unlock.Passphrase(text);
            }
            throw unreadable(file, "it is empty", null);
        } catch (IOException e) {
            throw unreadable(file, e.toString(), e);
        }
    }

    // A variable of the environment that is empty is as good as none.
    private static Optional<Path> given(@Nullable Path path) {
        return Optional.ofNullable(path).filter(named -> !named.toString().isBlank());
    }

    private @Nullable S3Credentials credentials() {
        String accessKey = properties.accessKey();
        String secretKey = properties.secretKey();
        if (accessKey == null || secretKey == null || accessKey.isBlank() || secretKey.isBlank()) {
            return null;
        }
        return new S3Credentials(accessKey.strip(), secretKey.strip());
    }

    private static StorageException unreadable(Path file, String why, @Nullable IOException cause) {
        return new StorageException(
                StorageErrorCode.KEY_NOT_FOUND,
                "the passphrase cannot be read from " + file + ": " + why,
                "Give the service's user the right to read it, or unlock the repository by hand.",
                cause);
    }
}
