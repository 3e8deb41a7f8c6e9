package dev.nightjar.service.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunEnded;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunState;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestRuns;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.StorageDaemon;
import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

@ServiceTest
class InterruptedBackupsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Rest rest;
    private final RepositoryProvider repository;
    private final ApplicationEventPublisher events;

    InterruptedBackupsIT(Rest rest, RepositoryProvider repository, ApplicationEventPublisher events) {
        this.rest = rest;
        this.repository = repository;
        this.events = events;
    }

    @Test
    void tidiesUpAtTheMachineAndKeepsWhatPointsLeanOn() {
        try (TempDirectory directory = TempDirectory.create();
                StorageDaemon daemon = StorageDaemon.start(directory.path())) {
            Path image = directory.resolve("disk.qcow2");
            QemuImg.create(DiskRef.qcow2(image), 16 << 20);
            daemon.addDisk("vda", image);
            UUID machine = addMachine(daemon);
            JsonNode run =
                    rest.post("/api/v1/machines/" + machine + "/backup", "{}").expect(HttpStatus.ACCEPTED);
            await().atMost(PATIENCE).until(() -> state(run).equals("COMPLETE"));
            List<String> kept = daemon.bitmapNames("vda");
            assertThat(kept).hasSize(1);
            String repositoryDigits =
                    repository.get().config().repositoryId().toString().substring(0, 8);
            String leftover = "nightjar-" + repositoryDigits + "-deadbeef-k0";
            daemon.addBitmap("vda", leftover, true);

            events.publishEvent(new RunEnded(
                    TestRuns.ended(UUID.randomUUID(), RunKind.BACKUP, RunState.INTERRUPTED, machine, null)));

            await().atMost(PATIENCE).until(() -> !daemon.bitmapNames("vda").contains(leftover));
            assertThat(daemon.bitmapNames("vda")).isEqualTo(kept);
        }
    }

    private UUID addMachine(StorageDaemon daemon) {
        JsonNode machine = rest.post(
                        "/api/v1/machines", """
                        {"name": "interrupted-%s", "source": {"type": "qmp", "socket": "%s", "disks": [], "nbdServer": "%s"}}
                        """.formatted(UUID.randomUUID(), daemon.qmpSocket(), daemon.nbdServer()))
                .expect(HttpStatus.CREATED);
        return UUID.fromString(machine.path("id").asString());
    }

    private String state(JsonNode run) {
        JsonNode now = rest.get("/api/v1/runs/" + run.path("id").asString()).expect(HttpStatus.OK);
        assertThat(now.path("state").asString()).as("%s", now).isNotEqualTo("FAILED");
        return now.path("state").asString();
    }
}
