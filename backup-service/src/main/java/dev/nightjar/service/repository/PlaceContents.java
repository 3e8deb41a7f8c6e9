package dev.nightjar.service.repository;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.key.RepositoryConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is in a place where somebody wants a repository. */
enum PlaceContents {
    /** Nothing. */
    EMPTY,
    /** A repository. */
    REPOSITORY,
    /** Something else. */
    OTHER_FILES;

    /** What a file system, or the opening of a store, puts into an empty directory. */
    private static final Set<String> NOBODYS = Set.of("lost+found", "tmp");

    private static final String KEYS = "keys";

    private static final Pattern KEY = Pattern.compile(KEYS + "/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Looks into an open store. */
    static PlaceContents of(BlobStore store, Place place) {
        if (store.exists(RepositoryConfig.BLOB_NAME)) {
            return REPOSITORY;
        }
        if (place.kind() == RepositoryKind.DIRECTORY) {
            return ofDirectory(place.path());
        }
        try (Stream<BlobInfo> blobs = store.list("")) {
            return blobs.allMatch(blob -> isKey(blob.name())) ? EMPTY : OTHER_FILES;
        }
    }

    /** Looks into a directory that may be missing. */
    static PlaceContents ofDirectory(Path directory) {
        if (Files.exists(directory.resolve(RepositoryConfig.BLOB_NAME))) {
            return REPOSITORY;
        }
        if (!Files.isDirectory(directory)) {
            return Files.exists(directory) ? OTHER_FILES : EMPTY;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.allMatch(file -> NOBODYS.contains(String.valueOf(file.getFileName())) || hasOnlyKeys(file))
                    ? EMPTY
                    : OTHER_FILES;
        } catch (IOException e) {
            return OTHER_FILES;
        }
    }

    // A key without a configuration is what an attempt to make a repository has left that failed; it is in nobody's
    // way.
    private static boolean hasOnlyKeys(Path directory) {
        if (!directory.endsWith(KEYS) || !Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.allMatch(file -> isKey(KEYS + "/" + file.getFileName()));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isKey(String name) {
        return KEY.matcher(name).matches();
    }
}
