package dev.nightjar.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The inputs that a target begins with: streams recorded from real peers, and whatever fuzzing once found. */
final class Seeds {

    private Seeds() {}

    static Path directory(Class<?> target) {
        try {
            var found = Seeds.class.getResource("/seeds/" + target.getSimpleName());
            if (found == null) {
                throw new AssertionError("there are no seeds for " + target.getSimpleName());
            }
            return Path.of(found.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static List<Path> of(Class<?> target) {
        try (Stream<Path> files = Files.list(directory(target))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] read(Path seed) {
        try {
            return Files.readAllBytes(seed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
