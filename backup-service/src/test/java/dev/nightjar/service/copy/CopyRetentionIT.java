package dev.nightjar.service.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.SecondRepository;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.point.PointRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

@ServiceTest
class CopyRetentionIT {

    private final Rest rest;
    private final RepositoryProvider provider;
    private final CopyRetention retention;
    private SecondRepository second;
    private List<PointRecord> points;

    CopyRetentionIT(Rest rest, RepositoryProvider provider, CopyRetention retention) {
        this.rest = rest;
        this.provider = provider;
        this.retention = retention;
    }

    @BeforeEach
    void copyThreePointsOfADisk() {
        provider.get();
        second = new SecondRepository(rest);
        UUID machine = UUID.randomUUID();
        Instant now = Instant.now();
        points = List.of(take(machine, now.minusSeconds(2)), take(machine, now.minusSeconds(1)), take(machine, now));
        assertThat(second.copyAll().path("state").asString()).isEqualTo("COMPLETE");
    }

    @AfterEach
    void forgetTarget() {
        second.close();
    }

    @Test
    void aCopyOutlivesItsOriginalByTheDaysThatAreChosen() {
        assertThat(rest.get("/api/v1/copies")
                        .expect(HttpStatus.OK)
                        .findValue("keepDays")
                        .asInt())
                .isEqualTo(30);
        delete(0);
        keepCopiesFor("1");
        retention.retain();
        assertCopied(0, 1, 2);
        keepCopiesFor("0");
        retention.retain();
        assertCopied(1, 2);
    }

    @Test
    void forEverIsForEver() {
        keepCopiesFor("null");
        delete(0);
        retention.retain();
        assertCopied(0, 1, 2);
    }

    @Test
    void theNewestCopyOfADiskStays() {
        keepCopiesFor("0");
        delete(0);
        delete(1);
        delete(2);
        retention.retain();
        assertCopied(2);
    }

    @Test
    void aLockedCopyStays() {
        keepCopiesFor("0");
        provider.get(second.id()).lock(points.get(0).id(), Instant.now().plus(Duration.ofDays(1)));
        delete(0);
        delete(1);
        retention.retain();
        assertCopied(0, 2);
    }

    @Test
    void whatTheRepositoryHasLostWithoutAnybodysDeletingItStays() {
        keepCopiesFor("0");
        provider.get().deletePoint(points.get(0).id());
        delete(1);
        retention.retain();
        assertCopied(0, 2);
    }

    @Test
    void aPointThatWasTakenInTheTargetStays() {
        keepCopiesFor("0");
        PointRecord original = points.get(0);
        PointRecord itsOwn = TestPoints.take(provider.get(second.id()), original.machineId(), Instant.EPOCH, "vda")
                .getFirst();
        delete(0);
        retention.retain();
        assertThat(provider.get(second.id()).points())
                .extracting(PointRecord::id)
                .contains(itsOwn.id())
                .doesNotContain(original.id());
    }

    private PointRecord take(UUID machine, Instant instant) {
        return TestPoints.take(provider.get(), machine, instant, "vda").getFirst();
    }

    private void delete(int point) {
        rest.delete("/api/v1/points/" + points.get(point).id()).expect(HttpStatus.NO_CONTENT);
    }

    private void keepCopiesFor(String days) {
        rest.put("/api/v1/copies/" + second.id(), "{\"when\": \"BY_HAND\", \"keepDays\": " + days + "}")
                .expect(HttpStatus.OK);
    }

    private void assertCopied(int... expected) {
        List<UUID> disk = points.stream().map(PointRecord::id).toList();
        assertThat(provider.get(second.id()).points().stream()
                        .map(PointRecord::id)
                        .filter(disk::contains))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(expected).mapToObj(disk::get).toList());
    }
}
