package dev.nightjar.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the other modules put what runs here. */
final class Project {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private Project() {}

    static Path serviceJar() {
        return built("backup-service", "-exec.jar");
    }

    static Path demoJar() {
        return built("demo", ".jar");
    }

    static Path module(String name) {
        return ROOT.resolve(name);
    }

    private static Path built(String module, String end) {
        Path target = ROOT.resolve(module).resolve("target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().startsWith(module + "-"))
                    .filter(file -> file.getFileName().toString().endsWith(end))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no jar of " + module + " in " + target));
        } catch (IOException e) {
            throw new UncheckedIOException("build " + module + " first: ./nightjar test", e);
        }
    }
}
