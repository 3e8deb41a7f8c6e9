package dev.nightjar.service.repository;

import dev.nightjar.service.repository.Stores.OpenStore;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.s3.S3Location;
import dev.nightjar.storage.blob.s3.StoreProbe;
import dev.nightjar.storage.key.Encryption;
import dev.nightjar.storage.key.RepositoryIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Looks what a place really is and does, before a repository is made there. Leaves nothing behind. Thread-safe. */
@Component
class RepositoryProbing {

    private final Stores stores;

    RepositoryProbing(Stores stores) {
        this.stores = stores;
    }

    /**
     * Looks; blocks.
     *
     * @throws StorageException why no repository can be here: REPOSITORY_NOT_WRITABLE, STORE_UNSUITABLE, STORE_ACCESS_DENIED, STORE_UNAVAILABLE, REPOSITORY_NOT_FOUND without the bucket
     */
    PlaceView probe(Place place) {
        return switch (place.kind()) {
            case DIRECTORY -> directory(place.path());
            case S3 -> bucket(place);
        };
    }

    private PlaceView directory(Path directory) {
        PlaceContents contents = PlaceContents.ofDirectory(directory);
        Path nearest = directory;
        while (!Files.exists(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        if (!Files.isDirectory(nearest) || !Files.isWritable(nearest)) {
            throw new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_WRITABLE,
                    nearest + (Files.isDirectory(nearest) ? " cannot be written" : " is not a directory"),
                    "Give the service's user the right to write there, or choose another directory.");
        }
        boolean encrypted = contents == PlaceContents.REPOSITORY && isEncrypted(Place.directory(directory));
        return new PlaceView(directory.toString(), contents, encrypted, false, freeBytes(nearest), List.of());
    }

    private PlaceView bucket(Place place) {
        S3Location location = S3Location.parse(place.address());
        try (OpenStore store = stores.open(place)) {
            PlaceContents contents = PlaceContents.of(store.blobs(), place);
            StoreProbe.requirePutIfAbsent(store.blobs());
            boolean locks = store.locksObjects();
            List<String> warnings = new ArrayList<>();
            if (isPlain(location.endpoint())) {
                warnings.add(
                        "The connection to the store is not encrypted: whoever is on the way sees what is stored.");
            }
            boolean encrypted = contents == PlaceContents.REPOSITORY && encrypted(store);
            return new PlaceView(place.text(), contents, encrypted, locks, null, warnings);
        }
    }

    private boolean isEncrypted(Place place) {
        try (OpenStore store = stores.openExisting(place)) {
            return encrypted(store);
        }
    }

    private static boolean encrypted(OpenStore store) {
        return RepositoryIdentity.config(store.blobs()).encryption() != Encryption.NONE;
    }

    private static @Nullable Long freeBytes(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean isPlain(@Nullable URI endpoint) {
        try {
            return endpoint != null
                    && "http".equals(endpoint.getScheme())
                    && !InetAddress.getByName(endpoint.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true;
        }
    }
}
