package dev.nightjar.service.repository;

import dev.nightjar.service.repository.Stores.OpenStore;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.Patience;
import dev.nightjar.storage.key.Encryption;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.repository.Repository;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One repository, opened at the first need: unlocked if somebody has left a key for that, else locked. As long as it cannot be opened every call tries again, one at a time; whoever is in a
 * hurry ({@link Patience}) waits for others for a moment only. If a key that is left could not be read, whoever needs the repository tries that again, every few seconds, until somebody unlocks or
 * locks it. Thread-safe; a wrong passphrase costs whoever tries it the work of Argon2id, one at a time.
 */
final class OpenRepository {

    private static final Logger LOG = LoggerFactory.getLogger(OpenRepository.class);

    private static final Duration MOMENT = Duration.ofSeconds(4);
    private static final Duration KEYS_AGAIN = Duration.ofSeconds(5);

    private final ReentrantLock turn = new ReentrantLock();
    private final UUID id;
    private final Supplier<OpenStore> stores;
    private final Supplier<UnlockKeys> keys;
    private final DataSource database;
    private final LongSupplier steadyNanos;
    private @Nullable OpenStore store;
    private volatile @Nullable Repository repository;
    /** When the keys were asked for last, if it is to be done again: it is locked, and one could not be read. */
    private volatile @Nullable Long keysAskedAt;

    private @Nullable Boolean locksObjects;

    /**
     * @param stores opens where it is
     * @param keys what may unlock it without anybody
     * @param steadyNanos a clock that nobody can set, in nanoseconds since whenever
     */
    OpenRepository(
            UUID id,
            Supplier<OpenStore> stores,
            Supplier<UnlockKeys> keys,
            DataSource database,
            LongSupplier steadyNanos) {
        this.id = id;
        this.stores = stores;
        this.keys = keys;
        this.database = database;
        this.steadyNanos = steadyNanos;
    }

    /**
     * The repository, locked or not.
     *
     * @throws StorageException what keeps it from being opened
     */
    Repository get() {
        Repository known = repository;
        if (known == null) {
            return inTurn(this::openIfNeeded);
        }
        return keysAreDue() ? unlockedOr(known) : known;
    }

    private boolean keysAreDue() {
        Long asked = keysAskedAt;
        return asked != null && steadyNanos.getAsLong() - asked >= KEYS_AGAIN.toNanos();
    }

    /** Tries the keys again unless somebody else has the turn; nobody waits for a locked repository, or hears of what keeps it from being unlocked. */
    private Repository unlockedOr(Repository known) {
        if (!turn.tryLock()) {
            return known;
        }
        try {
            // Somebody may have unlocked, locked or closed it, or tried, a moment ago.
            if (repository == known && keysAreDue()) {
                tryKeysAgain();
            }
            Repository current = repository;
            return current == null ? known : current;
        } finally {
            turn.unlock();
        }
    }

    private void tryKeysAgain() {
        // Also if this fails: then not before that much time has passed once more.
        keysAskedAt = steadyNanos.getAsLong();
        try {
            Optional<Repository> unlocked = Patience.briefly(() -> unlockedByItself(storeIfNeeded()));
            if (unlocked.isPresent()) {
                // The locked one has nothing to close, and others may still use it.
                repository = unlocked.get();
                LOG.info("repository {} is unlocked: its key can be read by now", id);
            }
        } catch (RuntimeException e) {
            LOG.warn("repository {} stays locked for now: {}", id, e.getMessage());
        }
    }

    private Repository openIfNeeded() {
        Repository known = repository;
        if (known == null) {
            known = opened(storeIfNeeded());
            repository = known;
        }
        return known;
    }

    /** The repository if it is open; asks nobody and waits for nobody. */
    Optional<Repository> ifOpen() {
        return Optional.ofNullable(repository);
    }

    /**
     * Unlocks it; opening it again with what it is unlocked with already only checks that.
     *
     * @throws StorageException PASSPHRASE_WRONG, or what keeps it from being opened; it stays as it is then
     */
    Repository unlock(Unlock unlock) {
        return inTurn(() -> {
            Repository current = openIfNeeded();
            Repository unlocked = Repository.open(storeIfNeeded().blobs(), unlock, database);
            if (current.locked()) {
                repository = unlocked;
                keysAskedAt = null;
                return unlocked;
            }
            unlocked.close();
            return current;
        });
    }

    /** Forgets the key; the caller has made sure that nobody uses it. */
    void lock() {
        inTurn(() -> {
            Repository current = openIfNeeded();
            keysAskedAt = null;
            if (!current.locked()) {
                repository = Repository.openLocked(storeIfNeeded().blobs(), database);
                current.close();
            }
            return current;
        });
    }

    /** The store that it lies in. */
    OpenStore store() {
        return inTurn(this::storeIfNeeded);
    }

    private OpenStore storeIfNeeded() {
        OpenStore known = store;
        if (known == null) {
            known = stores.get();
            store = known;
        }
        return known;
    }

    /** Whether the store can keep objects from being deleted; asked once. */
    boolean locksObjects() {
        return inTurn(() -> {
            Boolean known = locksObjects;
            if (known == null) {
                known = storeIfNeeded().locksObjects();
                locksObjects = known;
            }
            return known;
        });
    }

    void close() {
        inTurn(() -> {
            Repository opened = repository;
            if (opened != null) {
                opened.close();
                repository = null;
                keysAskedAt = null;
            }
            OpenStore used = store;
            if (used != null) {
                used.close();
                store = null;
            }
            return id;
        });
    }

    private <T> T inTurn(Supplier<T> work) {
        takeTurn();
        try {
            return work.get();
        } finally {
            turn.unlock();
        }
    }

    private void takeTurn() {
        if (!Patience.isBrief()) {
            turn.lock();
            return;
        }
        try {
            if (turn.tryLock(MOMENT.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new StorageException(
                StorageErrorCode.STORE_UNAVAILABLE,
                "the repository " + id + " is being opened, and its store does not answer",
                "Is the store up and reachable from here? It is tried again all the time.");
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
        return unlockedByItself(open).orElseGet(() -> Repository.openLocked(open.blobs(), database));
    }

    /** That a key could not be read is said once, and remembered until it can be. */
    private Optional<Repository> unlockedByItself(OpenStore open) {
        UnlockKeys asked = keys.get();
        if (keysAskedAt == null) {
            asked.failures().forEach(why -> LOG.warn("repository {} is not unlocked by itself for now: {}", id, why));
        }
        Optional<Repository> unlocked = unlockedBy(asked.found(), open);
        keysAskedAt = unlocked.isPresent() || asked.complete() ? null : Long.valueOf(steadyNanos.getAsLong());
        return unlocked;
    }

    private Optional<Repository> unlockedBy(List<Unlock> found, OpenStore open) {
        for (Unlock key : found) {
            try {
                return Optional.of(Repository.open(open.blobs(), key, database));
            } catch (StorageException e) {
                switch (e.code()) {
                    case PASSPHRASE_WRONG, KEY_INVALID ->
                        LOG.warn("repository {} is not unlocked by itself: {}", id, e.getMessage());
                    default -> throw e;
                }
            }
        }
        return Optional.empty();
    }
}
