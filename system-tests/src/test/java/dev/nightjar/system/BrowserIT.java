package dev.nightjar.system;

import static dev.nightjar.system.Site.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.RunningProcess;
import dev.nightjar.testkit.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrowserIT {

    private static final Duration LIMIT = Duration.ofMinutes(8);

    @Test
    void the_dashboard_does_its_work_in_a_browser() throws Exception {
        Path screenshots =
                Files.createDirectories(Path.of("target", "screenshots").toAbsolutePath());
        try (Site site = new Site();
                QemuNbd other = QemuNbd.serving(DiskRef.qcow2(site.makeDisk("other", 16 * MIB)))
                        .export("vda")
                        .start(site.directory("nbd"))) {
            site.startFreshAppliance();
            site.startMachine();
            site.machine().addDisk("vda", site.makeDisk("vda", 64 * MIB));
            Map<String, String> environment = Map.of(
                    "BASE_URL", site.appliance().api().base().toString(),
                    "CHROMIUM", Tool.CHROMIUM.require().toString(),
                    "QMP_SOCKET", site.machine().qmpSocket().toString(),
                    "QMP_NBD_SERVER", site.machine().nbdServer(),
                    "SCRATCH_DIRECTORY", site.directory("scratch").toString(),
                    "BROKEN_NBD_URI", other.uri("vdz"),
                    "OTHER_REPOSITORY", site.path("second").toString(),
                    "SCREENSHOTS", screenshots.toString());

            try (RunningProcess suite = RunningProcess.start(
                    "the browser suite",
                    List.of(
                            Tool.NPM.require().toString(),
                            "--prefix",
                            Project.module("web-ui").toString(),
                            "run",
                            "e2e"),
                    environment,
                    site.path("browser.log"))) {
                assertThat(suite.awaitEnd(LIMIT)).as(suite.output()).isTrue();
                Files.copy(
                        site.path("browser.log"),
                        screenshots.resolveSibling("browser.log"),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                assertThat(suite.exitCode()).as(suite.output()).isZero();
            }
        }
    }
}
