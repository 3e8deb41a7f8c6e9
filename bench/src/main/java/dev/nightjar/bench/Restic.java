package dev.nightjar.bench;

import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** restic with a repository of its own, which reads a disk as a file; it always encrypts. */
final class Restic implements AutoCloseable {

    private final Path directory;

    Restic(Path parent) {
        directory = parent.resolve("restic-" + System.nanoTime());
        run("init");
    }

    /** Takes a snapshot; reads all of the disk whether it knows an earlier one or not. */
    void backup(Path disk) {
        run("backup", "--force", disk.toString());
    }

    private void run(String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("-q", "-r", directory.resolve("repository").toString()));
        all.addAll(List.of("--cache-dir", directory.resolve("cache").toString()));
        all.addAll(List.of(arguments));
        Program.run(Tool.RESTIC, Map.of("RESTIC_PASSWORD", "correct horse battery"), all);
    }

    /** Deletes it. */
    @Override
    public void close() {
        TempDirectory.deleteTree(directory);
    }
}
