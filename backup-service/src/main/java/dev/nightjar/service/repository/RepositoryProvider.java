package dev.nightjar.service.repository;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.RepositoryOptions;
import jakarta.annotation.PreDestroy;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The repository that this service writes to: opened at the first need, made if there is none yet. As long as it cannot be opened every call tries
 * again and says why, so that the service starts without it. Thread-safe.
 */
@Component
public class RepositoryProvider {

    private static final String MOUNT_HINT =
            "Is the file system mounted? Bring the repository's files back, or configure another directory for a new one.";

    private final Path directory;
    private final DataSource database;
    private final RepositoryLocations locations;
    private @Nullable Repository repository;

    RepositoryProvider(NightjarProperties properties, DataSource database, RepositoryLocations locations) {
        this.directory = properties.repositoryDirectory();
        this.database = database;
        this.locations = locations;
    }

    /**
     * The repository, open.
     *
     * @throws StorageException what keeps it from being opened
     */
    public synchronized Repository get() {
        if (repository == null) {
            repository = openOrCreate();
        }
        return repository;
    }

    /**
     * Looks whether the repository can be used now: its files may have gone, or become read-only, since it was opened.
     *
     * @throws StorageException what keeps it from being used
     */
    void check() {
        Repository open = get();
        if (!Files.isRegularFile(directory.resolve(RepositoryConfig.BLOB_NAME))) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_FOUND,
                    "the repository is not in " + directory + " any more",
                    MOUNT_HINT);
        }
        if (!Files.isWritable(directory)) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_WRITABLE,
                    "the repository in " + directory + " cannot be written",
                    "Is the file system mounted read-only, or do the files belong to somebody else?");
        }
        if (open.catalogState() == CatalogState.NEEDS_REBUILD) {
            throw new StorageException(
                    StorageErrorCode.CATALOG_NEEDS_REBUILD,
                    "the catalog does not know what the repository in " + directory + " has",
                    "Rebuild the catalog; until then nothing is backed up.");
        }
    }

    /** Where it is. */
    public Path directory() {
        return directory;
    }

    @PreDestroy
    synchronized void close() {
        if (repository != null) {
            repository.close();
            repository = null;
        }
    }

    private Repository openOrCreate() {
        BlobStore blobs = DirectoryBlobStore.create(directory);
        if (blobs.exists(RepositoryConfig.BLOB_NAME)) {
            Repository opened = Repository.open(blobs, new Unlock.Nothing(), database);
            locations.remember(directory, opened.config().repositoryId());
            return opened;
        }
        locations.known(directory).ifPresent(id -> {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_FOUND,
                    "the repository " + id + " is not in " + directory + " any more",
                    MOUNT_HINT);
        });
        Repository created = Repository.create(blobs, RepositoryOptions.defaults(), database);
        locations.remember(directory, created.config().repositoryId());
        return created;
    }
}
