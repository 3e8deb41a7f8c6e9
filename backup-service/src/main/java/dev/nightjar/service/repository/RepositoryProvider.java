package dev.nightjar.service.repository;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.s3.S3Credentials;
import dev.nightjar.storage.key.KeptKey;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.Repository;
import jakarta.annotation.PreDestroy;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * The repositories of this service, each opened at the first need: one primary, where backups go, and any number of others. Thread-safe.
 *
 * <p>Which one is the primary says the configuration, or the database if nothing is configured. As long as a repository cannot be opened every call tries again and
 * says why, so that the service starts without it. One that is locked is returned all the same: whatever takes the key says REPOSITORY_LOCKED. If that is so because its key
 * could not be read, that is tried again too.
 */
@Component
public class RepositoryProvider {

    private static final Logger LOG = LoggerFactory.getLogger(RepositoryProvider.class);

    private final RepositoryRows rows;
    private final ConfiguredRepository configured;
    private final RepositoryFounding founding;
    private final Stores stores;
    private final KeptKeys keptKeys;
    private final DataSource database;
    private final RunLauncher launcher;
    private final ObjectProvider<RepositoryUse> uses;
    private final Map<UUID, OpenRepository> open = new ConcurrentHashMap<>();

    RepositoryProvider(
            RepositoryRows rows,
            ConfiguredRepository configured,
            RepositoryFounding founding,
            Stores stores,
            KeptKeys keptKeys,
            DataSource database,
            RunLauncher launcher,
            ObjectProvider<RepositoryUse> uses) {
        this.rows = rows;
        this.configured = configured;
        this.founding = founding;
        this.stores = stores;
        this.keptKeys = keptKeys;
        this.database = database;
        this.launcher = launcher;
        this.uses = uses;
    }

    /**
     * The primary repository, open; perhaps locked.
     *
     * @throws StorageException REPOSITORY_NOT_CONFIGURED, or what keeps it from being opened
     */
    public Repository get() {
        return get(primary());
    }

    /**
     * One of the repositories, open; perhaps locked.
     *
     * @throws NightjarException REPOSITORY_UNKNOWN
     * @throws StorageException what keeps it from being opened
     */
    public Repository get(UUID id) {
        return opening(id).get();
    }

    /**
     * The repository that somebody has named, or the primary one if nobody has named any; open, perhaps locked.
     *
     * @throws NightjarException REPOSITORY_UNKNOWN
     * @throws StorageException REPOSITORY_NOT_CONFIGURED, or what keeps it from being opened
     */
    public Repository getOrPrimary(@Nullable UUID id) {
        return get(id == null ? primary() : id);
    }

    /**
     * The repositories that are open by now, the primary first, which is opened if need be. Does not wait for the stores of the others.
     *
     * @throws StorageException what keeps the primary from being opened
     */
    public List<Repository> opened() {
        Repository first = get();
        Stream<Repository> others = open.values().stream()
                .flatMap(repository -> repository.ifOpen().stream())
                .filter(repository -> repository != first);
        return Stream.concat(Stream.of(first), others).toList();
    }

    /** The ids of all repositories, the primary first; that it cannot be made, or is not where it was, is said by {@link #primary}. */
    public List<UUID> all() {
        try {
            findPrimary();
        } catch (StorageException e) {
            LOG.debug("the other repositories can be used all the same", e);
        }
        return rows.all().stream().map(RepositoryRow::id).toList();
    }

    /**
     * Which repository is the primary one.
     *
     * @throws StorageException REPOSITORY_NOT_CONFIGURED, or what keeps it from being made
     */
    public UUID primary() {
        return findPrimary()
                .orElseThrow(
                        () -> new StorageException(
                                StorageErrorCode.REPOSITORY_NOT_CONFIGURED,
                                "there is no repository yet",
                                "Create one in the dashboard or with POST /api/v1/repositories, or set nightjar.repository.directory."));
    }

    /**
     * The primary repository's id, if there is one: asked anew each time, for other nodes may have chosen another. One that is configured is made if need be, and one that lies in the usual
     * directory is taken.
     *
     * @throws StorageException CATALOG_UNAVAILABLE, or what keeps it from being made
     */
    Optional<UUID> findPrimary() {
        try {
            return configured
                    .place()
                    .map(founding::configured)
                    .or(() -> rows.primary().or(founding::found))
                    .map(RepositoryRow::id);
        } catch (DataAccessException e) {
            throw new StorageException(
                    StorageErrorCode.CATALOG_UNAVAILABLE,
                    "the database does not say which repository is the primary one: " + e.getMessage(),
                    "Is PostgreSQL up and reachable from here?",
                    e);
        }
    }

    /** Whether the primary repository can be used; never throws what keeps it from being so. */
    public RepositoryStatus status() {
        UUID id = null;
        try {
            id = primary();
            get(id).requireUnlocked();
            return new RepositoryStatus(RepositoryStatus.State.OPEN, id, null, null, null);
        } catch (StorageException e) {
            RepositoryStatus.State state = switch (e.code()) {
                case REPOSITORY_LOCKED -> RepositoryStatus.State.LOCKED;
                case REPOSITORY_NOT_CONFIGURED -> RepositoryStatus.State.NOT_CONFIGURED;
                default -> RepositoryStatus.State.UNAVAILABLE;
            };
            return new RepositoryStatus(state, id, e.code().name(), e.getMessage(), e.hint());
        }
    }

    /**
     * Looks whether the primary repository can be used now: its files may have gone, or become read-only, since it was opened.
     *
     * @throws StorageException what keeps it from being used
     */
    void check() {
        UUID id = primary();
        Repository repository = get(id);
        if (!opening(id).store().blobs().exists(RepositoryConfig.BLOB_NAME)) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_FOUND,
                    "the repository is not in " + repository.location() + " any more",
                    "Is the file system mounted? Bring the repository's files back.");
        }
        Place place = row(id).place();
        if (place.kind() == RepositoryKind.DIRECTORY && !Files.isWritable(place.path())) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_WRITABLE,
                    "the repository in " + repository.location() + " cannot be written",
                    "Is the file system mounted read-only, or do the files belong to somebody else?");
        }
        if (repository.catalogState() == CatalogState.NEEDS_REBUILD) {
            throw new StorageException(
                    StorageErrorCode.CATALOG_NEEDS_REBUILD,
                    "the catalog does not know what the repository in " + repository.location() + " has",
                    "Rebuild the catalog; until then nothing is backed up.");
        }
        repository.requireUnlocked();
    }

    /**
     * Unlocks a repository for everybody.
     *
     * @param keep whether the key is kept, so that this appliance unlocks it by itself from now on
     * @throws StorageException PASSPHRASE_WRONG, or what keeps it from being opened
     */
    void unlock(UUID id, Unlock unlock, boolean keep) {
        Optional<KeptKey> key = opening(id).unlock(unlock).keptKey();
        if (keep) {
            keptKeys.keep(id, key.orElseThrow(RepositoryProvider::notEncrypted));
        }
        LOG.info("repository {} is unlocked", id);
    }

    /**
     * Forgets a repository's key, a kept one too.
     *
     * @throws NightjarException REPOSITORY_BUSY, NOT_ENCRYPTED
     */
    void lock(UUID id) {
        OpenRepository repository = opening(id);
        if (!isEncrypted(repository.get())) {
            throw notEncrypted();
        }
        requireIdle();
        keptKeys.forget(id);
        repository.lock();
        LOG.info("repository {} is locked", id);
    }

    /**
     * Puts another passphrase in force.
     *
     * @throws StorageException PASSPHRASE_WRONG, KEY_CHANGED, INVALID_ARGUMENT if it is not encrypted
     */
    void changePassphrase(UUID id, Unlock unlock, String passphrase) {
        RepositoryIdentity.changePassphrase(
                opening(id).store().blobs(), unlock, Passphrases.require(passphrase, "passphrase"), new SecureRandom());
    }

    /**
     * Gives a bucket another access key, which counts on every node within seconds, for what is under way too.
     *
     * @throws NightjarException NO_CREDENTIALS_HERE
     * @throws StorageException what the store says to the new one; the old one counts then
     */
    void setCredentials(UUID id, @Nullable S3Credentials credentials) {
        RepositoryRow row = row(id);
        if (row.place().kind() != RepositoryKind.S3 || configured.isAt(row.place())) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "NO_CREDENTIALS_HERE",
                    "the repository in " + row.place().text() + " has no access key that could be changed here",
                    "That of a configured bucket is changed where it is configured; a directory has none.");
        }
        try (Stores.OpenStore store = stores.open(row.place().with(credentials))) {
            RepositoryIdentity.config(store.blobs());
        }
        rows.setCredentials(id, credentials);
    }

    /**
     * Forgets a repository; its files stay.
     *
     * @throws NightjarException REPOSITORY_IS_PRIMARY, REPOSITORY_BUSY
     */
    void forget(UUID id) {
        if (row(id).primary()) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "REPOSITORY_IS_PRIMARY",
                    "backups go to this repository",
                    "Only others can be taken from the list.");
        }
        requireIdle();
        rows.remove(id);
        keptKeys.forget(id);
        closeOne(id);
    }

    /**
     * A repository, as it is written down.
     *
     * @throws NightjarException REPOSITORY_UNKNOWN
     */
    RepositoryRow row(UUID id) {
        return rows.find(id).orElseThrow(() -> NightjarException.notFound("REPOSITORY_UNKNOWN", "repository", id));
    }

    OpenRepository opening(UUID id) {
        OpenRepository known = open.get(id);
        if (known != null) {
            return known;
        }
        row(id);
        return open.computeIfAbsent(
                id, _ -> new OpenRepository(id, () -> store(id), () -> keys(id), database, System::nanoTime));
    }

    static boolean isEncrypted(Repository repository) {
        return switch (repository.config().encryption()) {
            case NONE -> false;
            case AES_256_GCM -> true;
        };
    }

    @PreDestroy
    void close() {
        open.values().forEach(OpenRepository::close);
        open.clear();
    }

    private Stores.OpenStore store(UUID id) {
        Place place = row(id).place();
        return configured
                .place()
                .filter(given -> given.address().equals(place.address()))
                .map(stores::open)
                .orElseGet(() -> stores.open(place, new WrittenAccessKey(() -> accessKey(id), System::nanoTime)));
    }

    private Optional<S3Credentials> accessKey(UUID id) {
        try {
            return Optional.ofNullable(rows.credentials(id));
        } catch (NightjarException e) {
            throw new StorageException(
                    StorageErrorCode.STORE_ACCESS_DENIED, String.valueOf(e.getMessage()), e.hint(), e);
        }
    }

    private UnlockKeys keys(UUID id) {
        List<Supplier<Optional<? extends Unlock>>> sources = new ArrayList<>();
        sources.add(() -> keptKeys.find(id).map(Unlock.Kept::new));
        if (row(id).primary()) {
            sources.add(configured::passphrase);
        }
        return UnlockKeys.of(sources);
    }

    /**
     * Makes sure that no run, export or the like uses a repository.
     *
     * @throws NightjarException REPOSITORY_BUSY
     */
    void requireIdle() {
        Optional<String> busy = launcher.isIdle() ? Optional.empty() : Optional.of("a run is in progress");
        busy.or(() -> uses.orderedStream()
                        .flatMap(use -> use.current().stream())
                        .findFirst())
                .ifPresent(why -> {
                    throw new NightjarException(
                            HttpStatus.CONFLICT,
                            "REPOSITORY_BUSY",
                            "the repository is in use: " + why,
                            "Wait until that has ended, or end it.");
                });
    }

    private void closeOne(UUID id) {
        OpenRepository closing = open.remove(id);
        if (closing != null) {
            closing.close();
        }
    }

    private static NightjarException notEncrypted() {
        return new NightjarException(
                HttpStatus.CONFLICT,
                "NOT_ENCRYPTED",
                "the repository is not encrypted and needs no key",
                "Encryption is chosen when a repository is created; make an encrypted one and copy the points there.");
    }
}
