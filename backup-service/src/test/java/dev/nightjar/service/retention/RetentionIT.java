package dev.nightjar.service.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.backup.BackupCompleted;
import dev.nightjar.service.point.Points;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.point.PointRecord;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;

@ServiceTest
class RetentionIT {

    private static final Instant FIRST_NIGHT = Instant.parse("2026-03-01T02:00:00Z");

    private final ApplicationEventPublisher events;
    private final RepositoryProvider repository;
    private final Points points;
    private final Rest rest;
    private UUID machine;

    RetentionIT(ApplicationEventPublisher events, RepositoryProvider repository, Points points, Rest rest) {
        this.events = events;
        this.repository = repository;
        this.points = points;
        this.rest = rest;
    }

    @BeforeEach
    void addMachine() {
        machine = UUID.fromString(rest.post("/api/v1/machines", """
                        {"name": "m-%s", "source": {"type": "nbd", "disks": [{"name": "vda", "uri": "nbd://host/vda"}]}}""".formatted(UUID.randomUUID()))
                .expect(HttpStatus.CREATED)
                .path("id")
                .asString());
    }

    @Test
    void theNewestPointsOfEachDiskStay() {
        addPolicy(2);
        take(0, "vda", "vdb");
        take(1, "vda", "vdb");
        take(2, "vda");
        take(3, "vda");
        backupCompleted();
        assertThat(nights("vda")).containsExactly(3, 2);
        assertThat(nights("vdb")).containsExactly(1, 0);
    }

    @Test
    void theMostGenerousPolicyCounts() {
        addPolicy(1);
        addPolicy(3);
        for (int night = 0; night < 5; night++) {
            take(night, "vda");
        }
        backupCompleted();
        assertThat(nights("vda")).containsExactly(4, 3, 2);
    }

    @Test
    void withoutAPolicyEverythingStays() {
        for (int night = 0; night < 3; night++) {
            take(night, "vda");
        }
        backupCompleted();
        assertThat(nights("vda")).containsExactly(2, 1, 0);
    }

    @Test
    void theNewestPointIsNeverDeletedHoweverOften() {
        addPolicy(1);
        take(1, "vda");
        // Committed later, of an earlier instant: what counts is the instant.
        take(0, "vda");
        for (int time = 0; time < 3; time++) {
            backupCompleted();
            assertThat(nights("vda")).containsExactly(1);
        }
    }

    @Test
    void whatAPolicyLocksStaysWhateverItsNumber() {
        addPolicy(1, ", \"lockDays\": 30");
        take(0, "vda");
        take(1, "vda");
        PointRecord locked = points.of(machine).getLast();
        events.publishEvent(new BackupCompleted(locked.runId(), machine, null));
        take(2, "vda");
        backupCompleted();
        assertThat(nights("vda")).containsExactly(2, 0);
        assertThat(points.locks().get(locked.id())).isAfter(Instant.now().plusSeconds(29 * 86_400));
    }

    @Test
    void othersPointsStay() {
        addPolicy(1);
        UUID other = UUID.randomUUID();
        List<PointRecord> others = TestPoints.take(repository.get(), other, FIRST_NIGHT, "vda");
        TestPoints.take(repository.get(), other, FIRST_NIGHT.plusSeconds(60), "vda");
        take(0, "vda");
        take(1, "vda");
        backupCompleted();
        assertThat(points.of(other)).hasSize(2).containsAll(others);
        assertThat(nights("vda")).containsExactly(1);
    }

    private void take(int night, String... disks) {
        TestPoints.take(repository.get(), machine, FIRST_NIGHT.plusSeconds(night), disks);
    }

    private void backupCompleted() {
        events.publishEvent(new BackupCompleted(UUID.randomUUID(), machine, null));
    }

    private List<Integer> nights(String disk) {
        return points.of(machine).stream()
                .filter(point -> point.diskName().equals(disk))
                .map(point -> (int) (point.instant().getEpochSecond() - FIRST_NIGHT.getEpochSecond()))
                .toList();
    }

    private void addPolicy(int keepLast) {
        addPolicy(keepLast, "");
    }

    private void addPolicy(int keepLast, String more) {
        rest.post("/api/v1/policies", """
                        {"name": "p-%s", "schedule": "0 0 1 1 *", "timeZone": "UTC", "keepLast": %d, "machineIds": ["%s"], "enabled": false%s}""".formatted(UUID.randomUUID(), keepLast, machine, more))
                .expect(HttpStatus.CREATED);
    }
}
