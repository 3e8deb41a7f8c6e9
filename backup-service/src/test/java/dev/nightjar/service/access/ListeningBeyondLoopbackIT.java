package dev.nightjar.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.NightjarApplication;
import dev.nightjar.testkit.RunningProcess;
import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListeningBeyondLoopbackIT {

    @Test
    void theServiceRefusesToStartAndSaysWhyBeforeItHasBegunAnything() throws Exception {
        try (TempDirectory temporary = TempDirectory.create();
                RunningProcess service = start(temporary, "--server.address=0.0.0.0")) {
            assertThat(service.awaitEnd(Duration.ofMinutes(2))).isTrue();
            assertThat(service.exitCode()).isEqualTo(1);
            assertThat(service.output())
                    .contains("LISTENING_BEYOND_LOOPBACK", "server.address is 0.0.0.0", "SSH tunnel")
                    .doesNotContain("\tat ");
            assertThat(temporary.resolve("data")).isEmptyDirectory();
        }
    }

    private static RunningProcess start(TempDirectory temporary, String argument) {
        Path data = temporary.directory("data");
        return RunningProcess.start(
                "the service",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NightjarApplication.class.getName(),
                        "--nightjar.data-directory=" + data,
                        "--server.port=0",
                        argument),
                temporary.resolve("log"));
    }
}
