package dev.nightjar.service.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.backup.BackupCompleted;
import dev.nightjar.service.point.Points;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.point.PointRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;

@ServiceTest
class RetentionIT {

    private final Instant firstNight = Instant.now().minus(Duration.ofDays(20)).truncatedTo(ChronoUnit.SECONDS);

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
        for (int night = 0; night < 3; night++) {
            take(night, "vda");
            backupCompleted();
        }
        assertThat(nights("vda")).containsExactly(2, 1, 0);
        assertThat(lockedFor()).containsExactly(days(30), days(30), days(30));
    }

    /** As if its node had died between its commit and the lock, or the store had not answered. */
    @Test
    void whatWasNotLockedAfterItsBackupIsLockedAfterTheNext() {
        addPolicy(1, ", \"lockDays\": 30");
        take(0, "vda", "vdb");
        take(1, "vda");
        backupCompleted();
        assertThat(nights("vda")).containsExactly(1, 0);
        assertThat(lockedFor()).containsExactly(days(30), days(30), days(30));
    }

    @Test
    void whatIsOlderThanAPolicyLocksIsNotLocked() {
        addPolicy(1, ", \"lockDays\": 10");
        take(0, "vda");
        take(1, "vda");
        backupCompleted();
        assertThat(nights("vda")).containsExactly(1);
        assertThat(lockedFor()).isEmpty();
    }

    @Test
    void aLongerLockStaysAndAShorterOneIsExtended() {
        addPolicy(1, ", \"lockDays\": 30");
        take(0, "vda", "vdb");
        List<PointRecord> both = points.of(machine);
        points.lock(null, both.getFirst().id(), firstNight.plus(days(25)));
        points.lock(null, both.getLast().id(), firstNight.plus(days(40)));
        backupCompleted();
        assertThat(lockedFor()).containsExactlyInAnyOrder(days(30), days(40));
    }

    @Test
    void othersPointsStay() {
        addPolicy(1);
        UUID other = UUID.randomUUID();
        List<PointRecord> others = TestPoints.take(repository.get(), other, firstNight, "vda");
        TestPoints.take(repository.get(), other, firstNight.plusSeconds(60), "vda");
        take(0, "vda");
        take(1, "vda");
        backupCompleted();
        assertThat(points.of(other)).hasSize(2).containsAll(others);
        assertThat(nights("vda")).containsExactly(1);
    }

    private void take(int night, String... disks) {
        TestPoints.take(repository.get(), machine, firstNight.plusSeconds(night), disks);
    }

    private void backupCompleted() {
        events.publishEvent(new BackupCompleted(UUID.randomUUID(), machine, null));
    }

    private List<Integer> nights(String disk) {
        return points.of(machine).stream()
                .filter(point -> point.diskName().equals(disk))
                .map(point -> (int) (point.instant().getEpochSecond() - firstNight.getEpochSecond()))
                .toList();
    }

    /** For how long after its instant each locked point of the machine is locked, the newest first. */
    private List<Duration> lockedFor() {
        Map<UUID, Instant> locks = points.locks();
        return points.of(machine).stream()
                .flatMap(point ->
                        Stream.ofNullable(locks.get(point.id())).map(until -> Duration.between(point.instant(), until)))
                .toList();
    }

    private static Duration days(int days) {
        return Duration.ofDays(days);
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
