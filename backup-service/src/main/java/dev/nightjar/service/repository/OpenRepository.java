package dev.nightjar.service.repository;

import dev.nightjar.service.repository.Stores.OpenStore;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.key.Encryption;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.repository.Repository;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One repository, opened at the first need: unlocked if somebody has left a key for that, else locked. As long as it cannot be opened every call tries again. Thread-safe; a wrong
 * passphrase costs whoever tries it the work of Argon2id, one at a time.
 */
final class OpenRepository {

    private static final Logger LOG = LoggerFactory.getLogger(OpenRepository.class);

    private final UUID id;
    private final Supplier<OpenStore> stores;
    private final Supplier<List<Unlock>> keys;
    private final DataSource database;
    private @Nullable OpenStore store;
    private @Nullable Repository repository;
    private @Nullable Boolean locksObjects;

    /**
     * @param stores opens where it is
     * @param keys what may unlock it without anybody
     */
    OpenRepository(UUID id, Supplier<OpenStore> stores, Supplier<List<Unlock>> keys, DataSource database) {
        this.id = id;
        this.stores = stores;
        this.keys = keys;
        this.database = database;
    }

    /**
     * The repository, locked or not.
     *
     * @throws StorageException what keeps it from being opened
     */
    synchronized Repository get() {
        if (repository == null) {
            repository = opened(store());
        }
        return repository;
    }

    /**
     * Unlocks it; opening it again with what it is unlocked with already only checks that.
     *
     * @throws StorageException PASSPHRASE_WRONG, or what keeps it from being opened; it stays as it is then
     */
    synchronized Repository unlock(Unlock unlock) {
        Repository current = get();
        Repository unlocked = Repository.open(store().blobs(), unlock, database);
        if (current.locked()) {
            repository = unlocked;
            return unlocked;
        }
        unlocked.close();
        return current;
    }

    /** Forgets the key; the caller has made sure that nobody uses it. */
    synchronized void lock() {
        Repository current = get();
        if (!current.locked()) {
            repository = Repository.openLocked(store().blobs(), database);
            current.close();
        }
    }

    /** The store that it lies in. */
    synchronized OpenStore store() {
        if (store == null) {
            store = stores.get();
        }
        return store;
    }

    /** Whether the store can keep objects from being deleted; asked once. */
    synchronized boolean locksObjects() {
        Boolean known = locksObjects;
        if (known == null) {
            known = store().locksObjects();
            locksObjects = known;
        }
        return known;
    }

    synchronized void close() {
        if (repository != null) {
            repository.close();
            repository = null;
        }
        if (store != null) {
            store.close();
            store = null;
        }
    }

    private Repository opened(OpenStore open) {
        RepositoryConfig config = RepositoryIdentity.config(open.blobs());
        if (!config.repositoryId().equals(id)) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_FOUND,
                    "the repository " + id + " is not in " + open.blobs().location() + " any more; "
                            + config.repositoryId() + " is",
                    "Is the right file system mounted? Bring the repository's files back.");
        }
        if (config.encryption() == Encryption.NONE) {
            return Repository.open(open.blobs(), new Unlock.Nothing(), database);
        }
        for (Unlock key : keys.get()) {
            try {
                return Repository.open(open.blobs(), key, database);
            } catch (StorageException e) {
                switch (e.code()) {
                    case PASSPHRASE_WRONG, KEY_INVALID ->
                        LOG.warn("repository {} is not unlocked by itself: {}", id, e.getMessage());
                    default -> throw e;
                }
            }
        }
        return Repository.openLocked(open.blobs(), database);
    }
}
