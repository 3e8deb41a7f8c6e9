package dev.nightjar.service.repository;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.repository.Stores.OpenStore;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.Patience;
import dev.nightjar.storage.blob.s3.StoreProbe;
import dev.nightjar.storage.key.KeptKey;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.RepositoryOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Makes repositories, and takes those that are there. What fails leaves nothing of its own behind, but for a key that no repository uses if it is not known whether one does. Thread-safe. */
@Component
class RepositoryFounding {

    /** What the first repository is called unless somebody says otherwise. */
    static final String FIRST_NAME = "Repository";

    private static final Logger LOG = LoggerFactory.getLogger(RepositoryFounding.class);

    private final RepositoryRows rows;
    private final ConfiguredRepository configured;
    private final Stores stores;
    private final KeptKeys keptKeys;
    private final DataSource database;
    private final Clock clock;

    RepositoryFounding(
            RepositoryRows rows,
            ConfiguredRepository configured,
            Stores stores,
            KeptKeys keptKeys,
            DataSource database,
            Clock clock) {
        this.rows = rows;
        this.configured = configured;
        this.stores = stores;
        this.keptKeys = keptKeys;
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes a repository in an empty place and writes it down.
     *
     * @param keys what opens it; null not to encrypt it
     * @param keep whether the key is kept here
     * @throws NightjarException REPOSITORY_KNOWN, REPOSITORY_NAME_TAKEN, PLACE_NOT_EMPTY
     * @throws StorageException REPOSITORY_EXISTS, STORE_UNSUITABLE, or what the place says
     */
    synchronized UUID create(String name, RepositoryRole role, Place place, @Nullable NewKeys keys, boolean keep) {
        requireNew(place);
        Footprint footprint = Footprint.before(place);
        try (OpenStore store = stores.open(place)) {
            requireEmpty(store, place);
            if (place.kind() == RepositoryKind.S3) {
                StoreProbe.requirePutIfAbsent(store.blobs());
            }
            RepositoryOptions options = keys == null
                    ? RepositoryOptions.defaults()
                    : RepositoryOptions.defaults().encrypted(keys);
            return record(Repository.create(store.blobs(), options, database), name, role, place, keep);
        } catch (RuntimeException e) {
            footprint.remove();
            throw e;
        }
    }

    /**
     * Writes down a repository that is there.
     *
     * @param unlock what opens it, to keep its key
     * @throws NightjarException REPOSITORY_KNOWN, REPOSITORY_NAME_TAKEN
     * @throws StorageException REPOSITORY_NOT_FOUND, PASSPHRASE_WRONG, or what the place says
     */
    synchronized UUID take(String name, RepositoryRole role, Place place, Unlock unlock, boolean keep) {
        requireNew(place);
        try (OpenStore store = stores.openExisting(place)) {
            RepositoryIdentity identity =
                    unlock instanceof Unlock.Nothing ? null : RepositoryIdentity.open(store.blobs(), unlock);
            UUID id = RepositoryIdentity.config(store.blobs()).repositoryId();
            rows.add(id, name, role, place, clock.instant());
            if (keep && identity != null) {
                identity.keptKey().ifPresent(key -> keptKeys.keep(id, key));
            }
            return id;
        }
    }

    /**
     * The repository in the configured place, made if there is none. A place where one was is not taken for a new one: opening it says what is missing.
     *
     * @throws StorageException what keeps it from being made
     */
    RepositoryRow configured(Place place) {
        return rows.at(place).filter(RepositoryRow::primary).orElseGet(() -> founded(place));
    }

    // Whoever needs the primary repository waits for this.
    private synchronized RepositoryRow founded(Place place) {
        RepositoryRow row = rows.at(place).orElseGet(() -> Patience.briefly(() -> takeOrCreate(place)));
        if (!row.primary()) {
            rows.makePrimary(row.id());
        }
        return row;
    }

    /** The repository in the usual directory, if there is one: its database was lost, or it was made by an earlier release. */
    synchronized Optional<RepositoryRow> found() {
        Path directory = configured.standardDirectory();
        return java.nio.file.Files.isRegularFile(directory.resolve(RepositoryConfig.BLOB_NAME))
                ? Optional.of(takeOrCreate(Place.directory(directory)))
                : Optional.empty();
    }

    private RepositoryRow takeOrCreate(Place place) {
        boolean there;
        try (OpenStore store = stores.open(place)) {
            there = store.blobs().exists(RepositoryConfig.BLOB_NAME);
        }
        UUID id = there ? takeConfigured(place) : createConfigured(place);
        return rows.find(id).orElseThrow();
    }

    private UUID takeConfigured(Place place) {
        UUID id;
        try (OpenStore store = stores.open(place)) {
            id = RepositoryIdentity.config(store.blobs()).repositoryId();
        }
        Optional<RepositoryRow> moved = rows.find(id);
        if (moved.isPresent()) {
            LOG.info("repository {} is now in {}", id, place.text());
            rows.move(id, place);
        } else {
            rows.add(id, freeName(), RepositoryRole.PRIMARY, place.with(null), clock.instant());
        }
        return id;
    }

    private UUID createConfigured(Place place) {
        Optional<Unlock.Passphrase> passphrase = configured.passphrase();
        if (passphrase.isEmpty()) {
            return createUnwritten(place, null);
        }
        RecoveryKey recoveryKey = RecoveryKey.generate(new SecureRandom());
        UUID id = createUnwritten(place, new NewKeys(longEnough(passphrase.get()), recoveryKey));
        Path file = keptKeys.recoveryKeyFile(id);
        try {
            PrivateFiles.write(file, recoveryKey.text());
            LOG.warn("the recovery key of the new repository is in {}: move it to where it is safe", file);
        } catch (IOException e) {
            LOG.error(
                    "the recovery key of the new repository could not be written to {}; only the passphrase opens it",
                    file,
                    e);
        }
        return id;
    }

    private static String longEnough(Unlock.Passphrase passphrase) {
        if (passphrase.text().codePointCount(0, passphrase.text().length()) < NewKeys.MIN_PASSPHRASE) {
            throw new StorageException(
                    StorageErrorCode.INVALID_ARGUMENT,
                    "the passphrase in the configured file has less than " + NewKeys.MIN_PASSPHRASE + " characters",
                    "Write a longer one into the file.");
        }
        return passphrase.text();
    }

    // The credentials are the operator's, and stay in his configuration.
    private UUID createUnwritten(Place place, @Nullable NewKeys keys) {
        Footprint footprint = Footprint.before(place);
        try (OpenStore store = stores.open(place)) {
            if (place.kind() == RepositoryKind.S3) {
                StoreProbe.requirePutIfAbsent(store.blobs());
            }
            RepositoryOptions options = keys == null
                    ? RepositoryOptions.defaults()
                    : RepositoryOptions.defaults().encrypted(keys);
            return record(
                    Repository.create(store.blobs(), options, database),
                    freeName(),
                    RepositoryRole.PRIMARY,
                    place.with(null),
                    false);
        } catch (RuntimeException e) {
            footprint.remove();
            throw e;
        }
    }

    private UUID record(Repository created, String name, RepositoryRole role, Place place, boolean keep) {
        UUID id = created.config().repositoryId();
        try {
            if (keep) {
                KeptKey key = created.keptKey().orElseThrow();
                keptKeys.keep(id, key);
            }
            rows.add(id, name, role, place, clock.instant());
            created.close();
            LOG.info("created repository {} in {}", id, place.text());
            return id;
        } catch (RuntimeException e) {
            keptKeys.forget(id);
            created.discard();
            throw e;
        }
    }

    private String freeName() {
        boolean taken = rows.all().stream().anyMatch(row -> row.name().equalsIgnoreCase(FIRST_NAME));
        return taken ? FIRST_NAME + " " + UUID.randomUUID().toString().substring(0, 8) : FIRST_NAME;
    }

    private void requireNew(Place place) {
        if (rows.at(place).isPresent()) {
            throw RepositoryRows.known(place);
        }
    }

    private static void requireEmpty(OpenStore store, Place place) {
        if (store.blobs().exists(RepositoryConfig.BLOB_NAME)) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_EXISTS,
                    "there is a repository in " + place.text() + " already",
                    "Add it to the list instead, or choose an empty place.");
        }
        if (PlaceContents.of(store.blobs(), place) == PlaceContents.OTHER_FILES) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "PLACE_NOT_EMPTY",
                    "there is something else in " + place.text(),
                    "Choose an empty place, such as a directory or a prefix of its own.");
        }
    }
}
