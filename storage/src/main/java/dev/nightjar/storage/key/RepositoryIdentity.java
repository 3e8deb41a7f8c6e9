package dev.nightjar.storage.key;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.chunk.IdKey;
import dev.nightjar.storage.seal.DataKey;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of a repository before anything in it can be read or written. Immutable.
 *
 * @param config what was decided when it was created
 * @param idKey the key of its chunk ids
 * @param dataKey what its content is encrypted under; null if it is not encrypted
 */
public record RepositoryIdentity(
        RepositoryConfig config, IdKey idKey, @Nullable DataKey dataKey) {

    /**
     * Makes a repository of an empty store. First the key, then the configuration: a store with a configuration is whole, and a crash before it leaves a key that
     * nothing uses. So does a failure of the store, unless it has stored the configuration and only its answer was lost: then the repository is there, and is opened with the
     * same keys.
     *
     * @param keys what opens it; null exactly if it is not to be encrypted
     * @throws StorageException REPOSITORY_EXISTS, REPOSITORY_CONFIG_INVALID if there are packs or points but no configuration, or what the store throws
     */
    public static RepositoryIdentity create(
            BlobStore store, RepositoryConfig config, @Nullable NewKeys keys, SecureRandom random) {
        if ((keys == null) != (config.encryption() == Encryption.NONE)) {
            throw new IllegalArgumentException("keys are for repositories that are encrypted");
        }
        if (store.exists(RepositoryConfig.BLOB_NAME)) {
            throw exists(store);
        }
        requireNoneOf(store, "packs/");
        requireNoneOf(store, "points/");
        UUID id = config.repositoryId();
        IdKey idKey = IdKey.generate(random);
        DataKey dataKey = keys == null ? null : DataKey.generate(random);
        ByteBuffer keyFile = keys == null
                ? KeyFile.encode(id, idKey)
                : KeyFile.encode(id, new Secrets(idKey, dataKey), keys.passphrase(), keys.recoveryKey(), random);
        String keyName = new KeyFiles(store, id).name(1);
        if (!store.putIfAbsent(keyName, keyFile)) {
            throw exists(store);
        }
        // Where this throws, the configuration may have been stored all the same: then the place needs the key.
        if (!store.putIfAbsent(RepositoryConfig.BLOB_NAME, config.encode())) {
            StorageException taken = exists(store);
            takeBack(store, keyName, taken);
            throw taken;
        }
        return new RepositoryIdentity(config, idKey, dataKey);
    }

    /**
     * Reads configuration and key of a repository.
     *
     * @throws StorageException REPOSITORY_NOT_FOUND, REPOSITORY_CONFIG_INVALID, FORMAT_UNSUPPORTED, KEY_NOT_FOUND, KEY_INVALID, REPOSITORY_LOCKED, PASSPHRASE_WRONG, or
     *     what the store throws
     */
    public static RepositoryIdentity open(BlobStore store, Unlock unlock) {
        RepositoryIdentity identity = look(store, unlock);
        new KeyFiles(store, identity.config.repositoryId()).removeOld();
        return identity;
    }

    /**
     * As {@link #open}, but changes nothing: what an interrupted change of the passphrase left stays.
     *
     * @throws StorageException as {@link #open}
     */
    public static RepositoryIdentity look(BlobStore store, Unlock unlock) {
        RepositoryConfig config = config(store);
        Secrets secrets = secrets(new KeyFiles(store, config.repositoryId()).read(), config, unlock);
        return new RepositoryIdentity(config, secrets.idKey(), secrets.dataKey());
    }

    /**
     * What was decided when a repository was created; takes no key.
     *
     * @throws StorageException REPOSITORY_NOT_FOUND, REPOSITORY_CONFIG_INVALID, FORMAT_UNSUPPORTED, or what the store throws
     */
    public static RepositoryConfig config(BlobStore store) {
        if (!store.exists(RepositoryConfig.BLOB_NAME)) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_FOUND,
                    "there is no repository in " + store.location(),
                    "Check the path and that the file system is mounted, or create a repository there.");
        }
        return RepositoryConfig.decode(
                KeyFiles.read(store, RepositoryConfig.BLOB_NAME, StorageErrorCode.REPOSITORY_CONFIG_INVALID));
    }

    /**
     * Returns if the store has a repository at all. Reading a blob fails alike where the blob is damaged and where the device is gone or not mounted: whoever is about to conclude something
     * from such a failure asks this first.
     *
     * @throws StorageException REPOSITORY_NOT_FOUND, or what the store throws
     */
    public static void requireStored(BlobStore store) {
        try {
            store.requireAnswer(RepositoryConfig.BLOB_NAME);
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.BLOB_NOT_FOUND) {
                throw e;
            }
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_FOUND,
                    "there is no repository in " + store.location() + " any more",
                    "Check that the file system is mounted; nothing is taken for damaged.",
                    e);
        }
    }

    /** The secrets, for whoever has to open the repository unattended; empty if it is not encrypted. */
    public Optional<KeptKey> keptKey() {
        return Optional.ofNullable(dataKey).map(key -> KeptKey.of(idKey, key));
    }

    /**
     * Takes back what {@link #create} put; for a repository that nothing was written to since.
     *
     * @throws StorageException what the store throws; the configuration is the first to go
     */
    public static void discard(BlobStore store, UUID repositoryId) {
        store.delete(RepositoryConfig.BLOB_NAME);
        store.delete(new KeyFiles(store, repositoryId).name(1));
    }

    /**
     * Puts another passphrase in force. Nothing that is stored is rewritten; the recovery key stays.
     *
     * @param unlock the old passphrase, or the recovery key
     * @param passphrase the new one, at least {@value NewKeys#MIN_PASSPHRASE} characters
     * @throws StorageException as {@link #open}, or KEY_CHANGED; the old passphrase counts then
     */
    public static void changePassphrase(BlobStore store, Unlock unlock, String passphrase, SecureRandom random) {
        NewKeys.requireLong(passphrase);
        RepositoryConfig config = config(store);
        KeyFiles files = new KeyFiles(store, config.repositoryId());
        KeyFile file = files.read();
        Secrets secrets = secrets(file, config, unlock);
        if (secrets.dataKey() == null) {
            throw new StorageException(
                    StorageErrorCode.INVALID_ARGUMENT,
                    "the repository in " + store.location() + " is not encrypted and has no passphrase",
                    "Create an encrypted repository and copy the points there.");
        }
        files.replace(file.withPassphrase(secrets, passphrase, random));
    }

    private static Secrets secrets(KeyFile file, RepositoryConfig config, Unlock unlock) {
        Secrets secrets = file.open(unlock);
        if ((secrets.dataKey() == null) != (config.encryption() == Encryption.NONE)) {
            throw new StorageException(
                    StorageErrorCode.KEY_INVALID,
                    "the key file does not fit the repository's encryption " + config.encryption(),
                    "Bring config and keys back from the same copy of the repository.");
        }
        return secrets;
    }

    private static void takeBack(BlobStore store, String keyName, StorageException cause) {
        try {
            store.delete(keyName);
        } catch (StorageException e) {
            // A key that nothing uses; the first failure is the one to tell.
            cause.addSuppressed(e);
        }
    }

    private static void requireNoneOf(BlobStore store, String prefix) {
        try (Stream<BlobInfo> blobs = store.list(prefix)) {
            blobs.findAny().ifPresent(blob -> {
                throw new StorageException(
                        StorageErrorCode.REPOSITORY_CONFIG_INVALID,
                        store.location() + " has " + blob.name() + " but no configuration",
                        "Bring the file config and the directory keys back from a copy of the repository.");
            });
        }
    }

    private static StorageException exists(BlobStore store) {
        return new StorageException(
                StorageErrorCode.REPOSITORY_EXISTS,
                "there is a repository in " + store.location() + " already",
                "Open it, or choose an empty place.");
    }
}
