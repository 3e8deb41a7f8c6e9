package dev.nightjar.bench;

import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** borg with a repository of its own, not encrypted, which reads a disk as a sparse file. */
final class Borg implements AutoCloseable {

    private final Path directory;
    private int archives;

    Borg(Path parent) {
        directory = parent.resolve("borg-" + System.nanoTime());
        run("init", "--make-parent-dirs", "-e", "none", repository());
    }

    /** Takes an archive. */
    void create(Path disk) {
        run(
                "create",
                "--sparse",
                "--files-cache=disabled",
                "--chunker-params",
                "fixed,4194304",
                "-C",
                "zstd,1",
                repository() + "::" + ++archives,
                disk.toString());
    }

    private String repository() {
        return directory.resolve("repository").toString();
    }

    private void run(String... arguments) {
        Map<String, String> environment = Map.of(
                "BORG_BASE_DIR",
                directory.toString(),
                "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK",
                "yes",
                "BORG_RELOCATED_REPO_ACCESS_IS_OK",
                "yes");
        Program.run(Tool.BORG, environment, List.of(arguments));
    }

    /** Deletes it. */
    @Override
    public void close() {
        TempDirectory.deleteTree(directory);
    }
}
