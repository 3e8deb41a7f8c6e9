package dev.nightjar.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoIT {

    @Test
    void the_demo_holds_and_its_report_says_so() throws Exception {
        try (TempDirectory directory = TempDirectory.create()) {
            Path report = directory.resolve("report.json");
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            Command.Result demo = new Command(
                            List.of(
                                    java.toString(),
                                    "-Dstdout.encoding=UTF-8",
                                    "-jar",
                                    Project.demoJar().toString(),
                                    "--service-jar",
                                    Project.serviceJar().toString(),
                                    "--size",
                                    "2G",
                                    "--exit",
                                    "--report",
                                    report.toString()),
                            Duration.ofMinutes(5))
                    .runToEnd();

            assertThat(demo.exitCode()).as(demo.output() + demo.errors()).isZero();
            JsonNode json = JsonMapper.shared().readTree(Files.readString(report));
            assertThat(json.path("passed").asBoolean()).isTrue();
            assertThat(json.required("checks"))
                    .allSatisfy(check -> assertThat(check.path("good").asBoolean())
                            .as(check.toString())
                            .isTrue());
            assertThat(json.required("checks").size()).isGreaterThanOrEqualTo(8);
            assertThat(demo.output()).contains("virtual size", "2.0 GiB", "Everything holds.");
        }
    }
}
