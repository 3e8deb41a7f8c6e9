package dev.nightjar.storage.pack;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where packs lie for a while before they are deleted, and from where they can come back. Moving there takes no space and reads nothing. Thread-safe.
 *
 * <p>A pack is called there what it was called, or, if it was found to be damaged, what its bytes hash to. Whoever takes something out of the trash believes no name, but reads.
 */
public final class PackTrash {

    /** What the names of all that lies there begin with. */
    public static final String PREFIX = "trash/";

    private final BlobStore store;

    /** The trash of a store. */
    public PackTrash(BlobStore store) {
        this.store = store;
    }

    /**
     * Moves a pack to the trash; does nothing if there is none of that name.
     *
     * @param as what its bytes are, as far as is known; null if they cannot be read
     * @return false if the store itself keeps it: then it is where it was
     */
    public boolean discard(PackId pack, @Nullable PackId as) {
        String name = as == null ? unique("unreadable-" + pack.hex()) : PREFIX + as.hex();
        // Asked before, because what is moved is copied first where a name cannot be changed.
        if (retainedUntil(pack.blobName()).isPresent()) {
            return false;
        }
        try {
            if (!store.move(pack.blobName(), name)) {
                store.move(pack.blobName(), unique(pack.hex()));
            }
            return true;
        } catch (StorageException e) {
            return switch (e.code()) {
                case BLOB_NOT_FOUND -> true;
                case BLOB_RETAINED -> false;
                default -> throw e;
            };
        }
    }

    /** Until when the store itself keeps a blob; empty if it does not, or if there is none. */
    public Optional<Instant> retainedUntil(String blob) {
        if (!store.retention().isKept()) {
            return Optional.empty();
        }
        try {
            return store.retention().retainedUntil(blob).filter(until -> until.isAfter(Instant.now()));
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.BLOB_NOT_FOUND) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Where the trash has a pack as it was written. Reads what might be it. */
    public Optional<String> find(PackId pack, Pace pace) {
        PackProof proof = new PackProof(store, pace);
        return names(PREFIX + pack.hex()).stream()
                .filter(name -> isIt(proof, name, pack))
                .findFirst();
    }

    /** The names of all that lies there. */
    public List<String> names() {
        return names(PREFIX);
    }

    /** Deletes something that lies there. */
    public void delete(String name) {
        if (!name.startsWith(PREFIX)) {
            throw new IllegalArgumentException(name + " is not in the trash");
        }
        store.delete(name);
    }

    private List<String> names(String prefix) {
        try (Stream<BlobInfo> blobs = store.list(prefix)) {
            return blobs.map(BlobInfo::name).toList();
        }
    }

    private static boolean isIt(PackProof proof, String name, PackId wanted) {
        try {
            return proof.of(name).equals(wanted);
        } catch (StorageException e) {
            if (e.code().isOfOneBlob()) {
                return false;
            }
            throw e;
        }
    }

    private static String unique(String name) {
        return PREFIX + name + '-' + UUID.randomUUID();
    }
}
