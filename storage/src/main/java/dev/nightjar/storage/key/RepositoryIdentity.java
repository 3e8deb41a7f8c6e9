package dev.nightjar.storage.key;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.chunk.IdKey;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.stream.Stream;

/**
 * What has to be known of a repository before anything in it can be read or written. Immutable.
 *
 * @param config what was decided when it was created
 * @param idKey the key of its chunk ids
 */
public record RepositoryIdentity(RepositoryConfig config, IdKey idKey) {

    /** Largest configuration or key file that is read, in bytes. */
    private static final int MAX_BLOB_BYTES = 64 * 1024;

    /**
     * Makes a repository of an empty store. First the key, then the configuration: a store with a configuration is whole, and a crash before it leaves a key that
     * nothing uses.
     *
     * @throws StorageException REPOSITORY_EXISTS, REPOSITORY_CONFIG_INVALID if there are packs or points but no configuration, or what the store throws
     */
    public static RepositoryIdentity create(BlobStore store, RepositoryConfig config, SecureRandom random) {
        if (store.exists(RepositoryConfig.BLOB_NAME)) {
            throw exists(store);
        }
        requireNoneOf(store, "packs/");
        requireNoneOf(store, "points/");
        KeyFile key = new KeyFile(config.repositoryId(), IdKey.generate(random));
        String keyName = KeyFile.blobName(config.repositoryId());
        if (!store.putIfAbsent(keyName, key.encode())) {
            throw exists(store);
        }
        if (!store.putIfAbsent(RepositoryConfig.BLOB_NAME, config.encode())) {
            store.delete(keyName);
            throw exists(store);
        }
        return new RepositoryIdentity(config, key.idKey());
    }

    /**
     * Reads configuration and key of a repository.
     *
     * @throws StorageException REPOSITORY_NOT_FOUND, REPOSITORY_CONFIG_INVALID, FORMAT_UNSUPPORTED, KEY_NOT_FOUND, KEY_INVALID, or what the store throws
     */
    public static RepositoryIdentity open(BlobStore store) {
        if (!store.exists(RepositoryConfig.BLOB_NAME)) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_FOUND,
                    "there is no repository in " + store.location(),
                    "Check the path and that the file system is mounted, or create a repository there.");
        }
        RepositoryConfig config = RepositoryConfig.decode(
                read(store, RepositoryConfig.BLOB_NAME, StorageErrorCode.REPOSITORY_CONFIG_INVALID));
        String keyName = KeyFile.blobName(config.repositoryId());
        if (!store.exists(keyName)) {
            throw new StorageException(
                    StorageErrorCode.KEY_NOT_FOUND,
                    "the repository in " + store.location() + " lacks its key " + keyName,
                    "Bring the file back from a copy of the repository; without it nothing new can be stored.");
        }
        KeyFile key = KeyFile.decode(read(store, keyName, StorageErrorCode.KEY_INVALID), config.repositoryId());
        return new RepositoryIdentity(config, key.idKey());
    }

    private static ByteBuffer read(BlobStore store, String name, StorageErrorCode code) {
        long bytes = store.size(name);
        if (bytes > MAX_BLOB_BYTES) {
            throw new StorageException(
                    code,
                    "the repository's " + name + " cannot be used: it has " + bytes + " bytes",
                    "Bring the file back from a copy of the repository.");
        }
        return store.read(name, 0, (int) bytes);
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
