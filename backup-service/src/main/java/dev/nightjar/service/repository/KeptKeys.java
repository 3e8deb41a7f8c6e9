package dev.nightjar.service.repository;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.storage.key.KeptKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The keys of repositories that this appliance unlocks by itself, each in a file of the data directory that only its owner reads. Thread-safe. */
@Component
class KeptKeys {

    private final Path directory;

    KeptKeys(NightjarProperties properties) {
        this.directory = properties.data().resolve("keys");
    }

    boolean has(UUID repository) {
        return Files.exists(file(repository));
    }

    /**
     * The key, if it was kept.
     *
     * @throws dev.nightjar.storage.StorageException KEY_INVALID
     * @throws NightjarException KEPT_KEY_UNUSABLE
     */
    Optional<KeptKey> find(UUID repository) {
        try {
            return Optional.of(KeptKey.parse(Files.readString(file(repository))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(repository, e);
        }
    }

    void keep(UUID repository, KeptKey key) {
        try {
            PrivateFiles.write(file(repository), key.text());
        } catch (IOException e) {
            throw unusable(repository, e);
        }
    }

    void forget(UUID repository) {
        try {
            Files.deleteIfExists(file(repository));
        } catch (IOException e) {
            throw unusable(repository, e);
        }
    }

    /** Where the recovery key goes of a repository that was made while nobody looked. */
    Path recoveryKeyFile(UUID repository) {
        return directory.resolve(repository + ".recovery-key");
    }

    private Path file(UUID repository) {
        return directory.resolve(repository.toString());
    }

    private NightjarException unusable(UUID repository, IOException cause) {
        return new NightjarException(
                "KEPT_KEY_UNUSABLE",
                "the file " + file(repository) + " cannot be used: " + cause,
                "Give the service's user the right to read and write there.",
                cause);
    }
}
