package dev.nightjar.service.repository;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.key.RepositoryConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
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

    /** Looks into an open store. */
    static PlaceContents of(BlobStore store, Place place) {
        if (store.exists(RepositoryConfig.BLOB_NAME)) {
            return REPOSITORY;
        }
        if (place.kind() == RepositoryKind.DIRECTORY) {
            return ofDirectory(place.path());
        }
        try (Stream<BlobInfo> blobs = store.list("")) {
            return blobs.findAny().isPresent() ? OTHER_FILES : EMPTY;
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
            return files.allMatch(file -> NOBODYS.contains(String.valueOf(file.getFileName()))) ? EMPTY : OTHER_FILES;
        } catch (IOException e) {
            return OTHER_FILES;
        }
    }
}
