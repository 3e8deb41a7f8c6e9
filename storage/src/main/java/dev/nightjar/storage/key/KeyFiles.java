package dev.nightjar.storage.key;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The key files of one repository: {@code keys/<id>}, then {@code keys/<id>-2} and so on. A blob is never overwritten, so a new passphrase is a new file; the one of
 * the highest number counts, and the others are removed.
 */
record KeyFiles(BlobStore store, UUID repositoryId) {

    /** Largest file that is read, in bytes. */
    private static final int MAX_BYTES = 64 * 1024;

    private static final String NUMBERED = "-";

    String name(int number) {
        return "keys/" + repositoryId + (number == 1 ? "" : NUMBERED + number);
    }

    /** The number of the file that counts, if there is one. */
    OptionalInt newest() {
        return numbers().stream().mapToInt(Integer::intValue).max();
    }

    /**
     * The file that counts.
     *
     * @throws StorageException KEY_NOT_FOUND, KEY_INVALID, FORMAT_UNSUPPORTED
     */
    KeyFile read() {
        int number = newest().orElseThrow(() -> new StorageException(
                StorageErrorCode.KEY_NOT_FOUND,
                "the repository in " + store.location() + " lacks its key " + name(1),
                "Bring the file back from a copy of the repository; without it nothing new can be stored."));
        String name = name(number);
        return KeyFile.decode(read(store, name, StorageErrorCode.KEY_INVALID), name, repositoryId);
    }

    /**
     * Puts a new file in force.
     *
     * @throws StorageException KEY_CHANGED if somebody else did so meanwhile; nothing has changed then
     */
    void replace(ByteBuffer content) {
        int number = newest().orElse(0) + 1;
        if (!store.putIfAbsent(name(number), content)) {
            throw new StorageException(
                    StorageErrorCode.KEY_CHANGED,
                    "the key of the repository in " + store.location() + " was changed by somebody else just now",
                    "Look whether the new passphrase is in force already, and try again.");
        }
        removeOlderThan(number);
    }

    /** Removes what a change that was interrupted has left: an old passphrase must not open the repository any longer. */
    void removeOld() {
        List<Integer> all = numbers();
        if (all.size() < 2) {
            return;
        }
        int number = newest().orElseThrow();
        // Whoever wrote it may have died before it was durable; storing it again makes it so.
        store.putIfAbsent(name(number), read(store, name(number), StorageErrorCode.KEY_INVALID));
        removeOlderThan(number);
    }

    static ByteBuffer read(BlobStore store, String name, StorageErrorCode code) {
        long bytes = store.size(name);
        if (bytes > MAX_BYTES) {
            throw new StorageException(
                    code,
                    "the repository's " + name + " cannot be used: it has " + bytes + " bytes",
                    "Bring the file back from a copy of the repository.");
        }
        return store.read(name, 0, (int) bytes);
    }

    private void removeOlderThan(int number) {
        numbers().stream().filter(other -> other < number).forEach(other -> store.delete(name(other)));
    }

    private List<Integer> numbers() {
        String first = name(1);
        try (Stream<BlobInfo> blobs = store.list("keys/")) {
            return blobs.map(BlobInfo::name)
                    .filter(name -> name.startsWith(first))
                    .flatMapToInt(name -> number(name.substring(first.length())))
                    .boxed()
                    .toList();
        }
    }

    private static IntStream number(String suffix) {
        if (suffix.isEmpty()) {
            return IntStream.of(1);
        }
        return suffix.matches("-[1-9][0-9]{0,8}")
                ? IntStream.of(Integer.parseInt(suffix.substring(1)))
                : IntStream.empty();
    }
}
