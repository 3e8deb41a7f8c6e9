package dev.nightjar.bench;

import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench storage}. */
@Command(
        name = "storage",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Backs up, restores, and fills catalogs, next to borg, restic and nbdcopy.",
            "Needs about 30 GiB of disk; the page cache should have room for 10 GiB."
        })
final class StorageBench implements Callable<Integer> {

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(
            names = "--disk",
            paramLabel = "FILE",
            description = "a raw image to back up and restore, instead of one made of this machine's files")
    private @Nullable Path disk;

    @Override
    public Integer call() throws IOException {
        options.check();
        Screen screen = new Screen(System.out);
        List<Row> rows = new ArrayList<>();
        try (TempDirectory directory = TempDirectory.create()) {
            Runtime.getRuntime().addShutdownHook(new Thread(directory::close, "bench-clean-up"));
            try (BenchDatabase database = BenchDatabase.start(directory.path())) {
                DiskRows.run(options, disk, directory.path(), database, screen, rows::add);
                LargeRows.run(options, directory.path(), database, screen, rows::add);
                MemoryRows.run(options, directory.path(), database, screen, rows::add);
            }
        }
        options.conclude(screen, rows);
        return 0;
    }
}
