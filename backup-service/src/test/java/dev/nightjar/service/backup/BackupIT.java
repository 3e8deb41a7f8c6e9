package dev.nightjar.service.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.service.run.RunDisk;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.source.SourceSpec.QmpSource;
import dev.nightjar.service.source.UnreadableData;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.GuestWrite;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.StorageDaemon;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.WitnessDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackupIT {

    private static final long MIB = 1 << 20;
    private static final int CHUNK = 65_536;
    private static final long A_SIZE = 64 * MIB;
    private static final long B_SIZE = 33_333_248;
    private static final BackupRequest INCREMENT =
            new BackupRequest(false, null, UnreadableData.FAIL, RunTrigger.MANUAL, null, null);
    private static final BackupRequest FULL =
            new BackupRequest(true, null, UnreadableData.FAIL, RunTrigger.MANUAL, null, null);

    private TempDirectory directory;
    private StorageDaemon daemon;
    private LiveDisk a;
    private LiveDisk b;
    private Appliance appliance;

    @BeforeEach
    void start() {
        directory = TempDirectory.create();
        daemon = StorageDaemon.start(directory.path());
        a = daemon.addDisk("disk-a", image("a.qcow2", A_SIZE));
        b = daemon.addDisk("disk-b", image("b.qcow2", B_SIZE));
        a.writer().overwrite(0, 5 * MIB, 1);
        a.writer().fill(20 * MIB, 3 * MIB, 7);
        b.writer().overwrite(B_SIZE - 700 * 512, 700 * 512, 2);
        appliance = new Appliance(directory.path());
    }

    @AfterEach
    void stop() {
        appliance.close();
        daemon.close();
        directory.close();
    }

    @Test
    void restoresAFullAndItsIncrementsByteForByte() {
        WitnessDisk first = a.witness(directory.resolve("first-a.raw"));
        WitnessDisk firstB = b.witness(directory.resolve("first-b.raw"));
        RecordedRun full = appliance.backUp(source(), INCREMENT);
        assertThat(full.phases)
                .containsExactly(
                        RunPhase.PREPARING,
                        RunPhase.FREEZING,
                        RunPhase.READING,
                        RunPhase.COMMITTING,
                        RunPhase.CLEANING);
        RunDisk fullA = full.disk("disk-a");
        assertThat(fullA.mode()).isEqualTo(RunDisk.Mode.FULL);
        assertThat(reason(fullA)).isEqualTo("NO_PARENT");
        assertThat(fullA.readBytes()).isEqualTo(8 * MIB);
        assertThat(fullA.zeroBytes()).isEqualTo(A_SIZE - 8 * MIB);
        // Chunks of one repeated byte are all the same.
        assertThat(fullA.newBytes()).isEqualTo(5 * MIB + CHUNK);
        assertThat(full.done).isEqualTo(full.total);

        a.writer()
                .apply(List.of(
                        new GuestWrite.Overwrite(MIB + 512, 512, 3),
                        new GuestWrite.Discard(20 * MIB, MIB),
                        new GuestWrite.WriteZeroes(2 * MIB, 10L * CHUNK),
                        new GuestWrite.WriteZeroes(3 * MIB + 512, 1024),
                        new GuestWrite.Overwrite(40 * MIB, 3L * CHUNK, 4)));
        WitnessDisk second = a.witness(directory.resolve("second-a.raw"));
        RecordedRun increment = appliance.backUp(source(), INCREMENT);
        RunDisk incrementA = increment.disk("disk-a");
        assertThat(incrementA.mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);
        assertThat(incrementA.reason()).isNull();
        assertThat(incrementA.dirtyBytes()).isEqualTo(CHUNK + MIB + 10L * CHUNK + CHUNK + 3L * CHUNK);
        assertThat(incrementA.readBytes()).isEqualTo(5L * CHUNK);
        assertThat(incrementA.zeroBytes()).isEqualTo(MIB + 10L * CHUNK);
        assertThat(incrementA.newBytes()).isEqualTo(5L * CHUNK);
        assertThat(increment.disk("disk-b").readBytes()).isZero();
        assertThat(increment.disk("disk-b").mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);

        assertIdentical(first, full.points.get(0));
        assertIdentical(firstB, full.points.get(1));
        assertIdentical(second, increment.points.get(0));
        assertIdentical(firstB, increment.points.get(1));
        PointRecord point = appliance.repository.point(increment.points.get(0));
        assertThat(point.parentId()).isEqualTo(full.points.get(0));
        assertThat(point.setId())
                .isEqualTo(appliance.repository.point(increment.points.get(1)).setId());
        assertThat(daemon.bitmapNames("disk-a"))
                .containsExactly(point.checkpoint().name());
    }

    @Test
    void anIncrementReadsAgainWhatTheRepositoryHasLostAndHealsEveryPoint() throws IOException {
        WitnessDisk witness = a.witness(directory.resolve("witness.raw"));
        RecordedRun full = appliance.backUp(source(), INCREMENT);
        appliance.lose(ChunkKind.DATA);

        RecordedRun increment = appliance.backUp(source(), INCREMENT);

        assertThat(increment.disk("disk-a").mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);
        assertThat(increment.disk("disk-a").dirtyBytes()).isZero();
        assertThat(increment.disk("disk-a").readBytes()).isPositive();
        assertThat(increment.healed).isPositive();
        assertThat(appliance.repository.damagedChunks()).isZero();
        assertIdentical(witness, full.points.get(0));
        assertIdentical(witness, increment.points.get(0));
    }

    @Test
    void readsInFullAndHealsWhenTheMapOfThePointBeforeIsLost() throws IOException {
        WitnessDisk witness = a.witness(directory.resolve("witness.raw"));
        RecordedRun full = appliance.backUp(source(), INCREMENT);
        appliance.lose(ChunkKind.MAP_NODE);

        RecordedRun again = appliance.backUp(source(), INCREMENT);

        assertThat(reason(again.disk("disk-a"))).isEqualTo("PARENT_DAMAGED");
        assertThat(again.healed).isPositive();
        assertThat(appliance.repository.damagedChunks()).isZero();
        assertIdentical(witness, full.points.get(0));
    }

    @Test
    void takesWhatTheGuestWritesMeanwhileIntoTheNextIncrement() {
        WitnessDisk before = a.witness(directory.resolve("before.raw"));
        RecordedRun full = new RecordedRun(phase -> {
            if (phase == RunPhase.READING) {
                a.writer().overwrite(0, MIB, 9);
                a.writer().writeZeroes(20 * MIB, MIB);
                a.writer().discard(21 * MIB, MIB);
            }
        });
        appliance.backUp(source(), INCREMENT, full);
        assertIdentical(before, full.points.get(0));
        WitnessDisk after = a.witness(directory.resolve("after.raw"));
        RecordedRun increment = appliance.backUp(source(), INCREMENT);
        // QEMU passes discards over as long as a view is open; if it ever does them, they count as changes.
        assertThat(increment.disk("disk-a").dirtyBytes()).isBetween(2 * MIB, 3 * MIB);
        assertThat(increment.disk("disk-a").readBytes()).isEqualTo(MIB);
        assertIdentical(after, increment.points.get(0));
    }

    @Test
    void readsInFullAndSaysWhyWhenTheCheckpointIsGone() {
        RecordedRun full = appliance.backUp(source(), INCREMENT);
        String checkpoint =
                appliance.repository.point(full.points.get(0)).checkpoint().name();
        daemon.monitor().execute("block-dirty-bitmap-remove", Map.of("node", "disk-a", "name", checkpoint));
        a.writer().overwrite(0, 512, 5);
        WitnessDisk now = a.witness(directory.resolve("now.raw"));
        RecordedRun next = appliance.backUp(source(), INCREMENT);
        assertThat(reason(next.disk("disk-a"))).isEqualTo("BITMAP_MISSING");
        assertThat(next.disk("disk-a").newBytes()).isEqualTo(CHUNK);
        assertThat(next.disk("disk-b").mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);
        assertIdentical(now, next.points.get(0));
        assertThat(appliance.repository.point(next.points.get(0)).parentId()).isEqualTo(full.points.get(0));
        assertThat(appliance.backUp(source(), INCREMENT).disk("disk-a").mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);
    }

    @Test
    void readsInFullWhenTheDiskWasResized() {
        appliance.backUp(source(), INCREMENT);
        daemon.monitor().execute("block-export-del", Map.of("id", "guest-disk-a", "mode", "hard"));
        daemon.monitor().execute("block_resize", Map.of("node-name", "disk-a", "size", A_SIZE + MIB));
        daemon.monitor()
                .execute(
                        "block-export-add",
                        Map.of(
                                "type",
                                "nbd",
                                "id",
                                "guest-disk-a",
                                "node-name",
                                "disk-a",
                                "name",
                                "guest-disk-a",
                                "writable",
                                true));
        a.writer().overwrite(A_SIZE, MIB, 6);
        WitnessDisk now = a.witness(directory.resolve("now.raw"));
        RecordedRun next = appliance.backUp(source(), INCREMENT);
        assertThat(reason(next.disk("disk-a"))).isEqualTo("SIZE_CHANGED");
        assertIdentical(now, next.points.get(0));
        assertThat(appliance.backUp(source(), INCREMENT).disk("disk-a").mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);
    }

    @Test
    void readsInFullWhenThePointOfTheCheckpointWasDeleted() {
        RecordedRun first = appliance.backUp(source(), INCREMENT);
        RecordedRun second = appliance.backUp(source(), INCREMENT);
        appliance.repository.deletePoint(second.points.get(0));
        WitnessDisk now = a.witness(directory.resolve("now.raw"));
        RecordedRun third = appliance.backUp(source(), INCREMENT);
        assertThat(reason(third.disk("disk-a"))).isEqualTo("PARENT_MISSING");
        assertIdentical(now, third.points.get(0));
        appliance.repository.points().forEach(point -> appliance.repository.deletePoint(point.id()));
        RecordedRun fourth = appliance.backUp(source(), INCREMENT);
        assertThat(reason(fourth.disk("disk-a"))).isEqualTo("PARENT_MISSING");
        assertThat(first.points).doesNotContainAnyElementsOf(fourth.points);
        assertIdentical(now, fourth.points.get(0));
    }

    @Test
    void readsInFullWhenAskedToAndStoresNothingTwice() {
        appliance.backUp(source(), INCREMENT);
        RecordedRun full = appliance.backUp(source(), FULL);
        assertThat(reason(full.disk("disk-a"))).isEqualTo("REQUESTED");
        assertThat(full.disk("disk-a").readBytes()).isEqualTo(8 * MIB);
        assertThat(full.disk("disk-a").newBytes()).isZero();
        assertThat(full.disk("disk-a").storedBytes()).isZero();
        assertIdentical(a.witness(directory.resolve("now.raw")), full.points.get(0));
        assertThat(daemon.bitmapNames("disk-a")).hasSize(1);
    }

    @Test
    void leavesNoPointAndNothingAtTheMachineWhenItIsCancelled() throws IOException {
        RecordedRun full = appliance.backUp(source(), INCREMENT);
        List<String> bitmaps = daemon.bitmapNames("disk-a");
        List<String> nodes = daemon.nodes().stream().sorted().toList();
        a.writer().overwrite(0, 4 * MIB, 8);
        for (RunPhase phase : List.of(RunPhase.PREPARING, RunPhase.READING)) {
            RecordedRun cancelled = new RecordedRun();
            cancelled.whenChecked = () -> {
                if (cancelled.phases.getLast() == phase) {
                    throw new IllegalStateException("cancelled");
                }
            };
            assertThatThrownBy(() -> appliance.backUp(source(), INCREMENT, cancelled))
                    .hasMessage("cancelled");
            assertThat(daemon.bitmapNames("disk-a")).isEqualTo(bitmaps);
            assertThat(daemon.nodes().stream().sorted().toList()).isEqualTo(nodes);
            assertThat(daemon.jobs()).isEmpty();
            assertThat(files("scratch")).isEmpty();
        }
        assertThat(appliance.repository.points()).extracting(PointRecord::id).hasSameElementsAs(full.points);
        WitnessDisk now = a.witness(directory.resolve("now.raw"));
        RecordedRun next = appliance.backUp(source(), INCREMENT);
        assertThat(next.disk("disk-a").mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);
        assertThat(next.disk("disk-a").readBytes()).isEqualTo(4 * MIB);
        assertIdentical(now, next.points.get(0));
    }

    @Test
    void keepsItsPointsWhenTheMachineDiesWhileItIsRead() throws IOException {
        RecordedRun full = appliance.backUp(source(), INCREMENT);
        a.writer().overwrite(0, 4 * MIB, 8);
        RecordedRun run = new RecordedRun(phase -> {
            if (phase == RunPhase.READING) {
                daemon.kill();
            }
        });
        assertThatThrownBy(() -> appliance.backUp(source(), INCREMENT, run)).isInstanceOf(RuntimeException.class);
        assertThat(appliance.repository.points()).extracting(PointRecord::id).hasSameElementsAs(full.points);
        assertThat(files("scratch")).isEmpty();
        daemon.close();
        daemon = StorageDaemon.start(directory.path());
        a = daemon.addDisk("disk-a", a.file());
        b = daemon.addDisk("disk-b", b.file());
        WitnessDisk now = a.witness(directory.resolve("now.raw"));
        RecordedRun next = appliance.backUp(source(), INCREMENT);
        // The checkpoint was made in the session that was killed, so QEMU never wrote it down.
        assertThat(reason(next.disk("disk-a"))).isEqualTo("BITMAP_MISSING");
        assertIdentical(now, next.points.get(0));
    }

    @Test
    void goesOnWithIncrementsAfterACleanRestartOfTheMachine() {
        appliance.backUp(source(), INCREMENT);
        a.writer().overwrite(MIB, 512, 8);
        daemon.close();
        daemon = StorageDaemon.start(directory.path());
        a = daemon.addDisk("disk-a", a.file());
        b = daemon.addDisk("disk-b", b.file());
        a.writer().overwrite(3 * MIB, 512, 9);
        WitnessDisk now = a.witness(directory.resolve("now.raw"));
        RecordedRun next = appliance.backUp(source(), INCREMENT);
        assertThat(next.disk("disk-a").mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);
        assertThat(next.disk("disk-a").readBytes()).isEqualTo(2L * CHUNK);
        assertIdentical(now, next.points.get(0));
    }

    private QmpSource source() {
        return new QmpSource(daemon.qmpSocket().toString(), List.of(), null, daemon.nbdServer());
    }

    private static String reason(RunDisk disk) {
        assertThat(disk.mode()).isEqualTo(RunDisk.Mode.FULL);
        assertThat(disk.reason()).isNotNull();
        return disk.reason().code();
    }

    private void assertIdentical(WitnessDisk witness, UUID point) {
        QemuImg.Comparison comparison = witness.compare(appliance.restore(point));
        assertThat(comparison.identical()).as(comparison.detail()).isTrue();
    }

    private Path image(String name, long size) {
        Path file = directory.resolve(name);
        QemuImg.create(DiskRef.qcow2(file), size);
        return file;
    }

    private List<Path> files(String name) throws IOException {
        Path path = directory.resolve(name);
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.toList();
        }
    }
}
