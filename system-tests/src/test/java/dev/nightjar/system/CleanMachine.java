package dev.nightjar.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.StorageDaemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Looks into a live machine, through a monitor of its own, for anything the appliance left there. */
final class CleanMachine {

    private CleanMachine() {}

    /** Fails if there is a node, job or export that was not there before, more checkpoints than said, or a scratch file. */
    static void check(StorageDaemon machine, String node, int checkpoints, Path scratch) {
        assertThat(machine.jobs()).as("jobs").isEmpty();
        assertThat(machine.exports()).as("exports").containsExactly("guest-" + node);
        assertThat(machine.nodes()).as("nodes").allMatch(name -> name.startsWith(node));
        List<String> bitmaps = machine.bitmapNames(node);
        assertThat(bitmaps).as("checkpoints").hasSize(checkpoints);
        assertThat(files(scratch)).as("scratch files").isEmpty();
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
