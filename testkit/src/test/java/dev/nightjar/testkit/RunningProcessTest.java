package dev.nightjar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningProcessTest {

    @Test
    void a_process_that_ends_before_it_is_ready_shows_what_it_said() {
        try (TempDirectory directory = TempDirectory.create()) {
            RunningProcess process = RunningProcess.start(
                    "server", List.of("sh", "-c", "echo no such disk; exit 1"), directory.resolve("log"));
            assertThatThrownBy(() -> process.awaitReady(Duration.ofSeconds(10), () -> false))
                    .isInstanceOf(TestkitException.class)
                    .hasMessageContaining("server ended with 1")
                    .hasMessageContaining("no such disk");
        }
    }

    @Test
    void closing_ends_a_process_that_ignores_being_asked() {
        try (TempDirectory directory = TempDirectory.create()) {
            RunningProcess process = RunningProcess.start(
                    "stubborn",
                    List.of("sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"),
                    directory.resolve("log"));
            process.awaitReady(Duration.ofSeconds(10), () -> process.output().contains("up"));
            process.close(Duration.ofMillis(100));
            assertThat(process.isAlive()).isFalse();
        }
    }

    @Test
    void a_temporary_directory_takes_everything_with_it() throws Exception {
        TempDirectory directory = TempDirectory.create();
        Files.writeString(directory.directory("a").resolve("b"), "c");
        directory.close();
        assertThat(directory.path()).doesNotExist();
    }
}
