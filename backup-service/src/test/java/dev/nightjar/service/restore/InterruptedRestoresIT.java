package dev.nightjar.service.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.run.RunEnded;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunState;
import dev.nightjar.service.run.RunView;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestRuns;
import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;

@ServiceTest
class InterruptedRestoresIT {

    private final ApplicationEventPublisher events;

    InterruptedRestoresIT(ApplicationEventPublisher events) {
        this.events = events;
    }

    @Test
    void whatAKilledRestoreWroteIsDeletedAndNothingElse() throws IOException {
        try (TempDirectory directory = TempDirectory.create()) {
            Path target = Files.writeString(directory.resolve("disk.raw"), "somebody else's");
            RunView killed = run(target.toString(), RunState.INTERRUPTED);
            RunView failed = run(target.toString(), RunState.FAILED);
            Path left = Files.writeString(FileRestore.temporary(target, killed.id()), "half");
            Path other = Files.writeString(FileRestore.temporary(target, failed.id()), "half");

            events.publishEvent(new RunEnded(killed));
            events.publishEvent(new RunEnded(failed));
            events.publishEvent(new RunEnded(run("nbd://127.0.0.1/vda", RunState.INTERRUPTED)));

            assertThat(left).doesNotExist();
            assertThat(other).exists();
            assertThat(target).hasContent("somebody else's");
        }
    }

    private static RunView run(String target, RunState state) {
        return TestRuns.ended(UUID.randomUUID(), RunKind.RESTORE, state, UUID.randomUUID(), target);
    }
}
