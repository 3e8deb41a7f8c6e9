package dev.nightjar.service.repository;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which directories an attempt to make a repository has made, to be removed if it fails. Removes empty directories only.
 *
 * @param directory the repository's; null for a bucket, in which there are none
 * @param first the topmost that was missing before; null if none was
 */
record Footprint(@Nullable Path directory, @Nullable Path first) {

    private static final Logger LOG = LoggerFactory.getLogger(Footprint.class);

    static Footprint before(Place place) {
        if (place.kind() != RepositoryKind.DIRECTORY) {
            return new Footprint(null, null);
        }
        Path missing = null;
        for (Path at = place.path(); at != null && !Files.exists(at); at = at.getParent()) {
            missing = at;
        }
        return new Footprint(place.path(), missing);
    }

    void remove() {
        Path top = first == null ? directory : first;
        if (top == null || !Files.isDirectory(top)) {
            return;
        }
        try (Stream<Path> below = Files.walk(top)) {
            List<Path> deepestFirst = below.filter(Files::isDirectory)
                    .filter(path -> first != null || !path.equals(directory))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (Path path : deepestFirst) {
                removeIfEmpty(path);
            }
        } catch (IOException e) {
            LOG.warn("empty directories are left in {}: {}", top, e.toString());
        }
    }

    private static void removeIfEmpty(Path path) throws IOException {
        try {
            Files.delete(path);
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("{} is somebody's", path);
        }
    }
}
