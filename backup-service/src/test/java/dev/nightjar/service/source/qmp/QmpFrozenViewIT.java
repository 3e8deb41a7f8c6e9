package dev.nightjar.service.source.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.nightjar.service.source.FrozenDisk;
import dev.nightjar.service.source.FrozenView;
import dev.nightjar.service.source.FullReadReason;
import dev.nightjar.service.source.PreviousCheckpoint;
import dev.nightjar.service.source.SourceDisk;
import dev.nightjar.service.source.SourceRun;
import dev.nightjar.service.source.SourceSession;
import dev.nightjar.service.source.SourceSpec.QmpSource;
import dev.nightjar.storage.point.Checkpoint;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.StorageDaemon;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.WitnessDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QmpFrozenViewIT {

    private static final UUID REPOSITORY = UUID.fromString("5f0c1a2b-0000-4000-8000-000000000001");
    private static final UUID MACHINE = UUID.fromString("77777777-0000-4000-8000-000000000001");
    private static final long MIB = 1 << 20;
    private static final long A_SIZE = 64 * MIB;
    // Not whole clusters, and not whole chunks.
    private static final long B_SIZE = 33_333_248;
    private static final int CHUNK = 65_536;

    private TempDirectory directory;
    private StorageDaemon daemon;
    private LiveDisk a;
    private LiveDisk b;
    private QmpMachines machines;

    @BeforeEach
    void startMachine() {
        directory = TempDirectory.create();
        daemon = StorageDaemon.start(directory.path());
        a = daemon.addDisk("disk-a", image("a.qcow2", A_SIZE));
        b = daemon.addDisk("disk-b", image("b.qcow2", B_SIZE));
        machines = new QmpMachines(directory.resolve("scratch"), Clock.systemUTC());
    }

    @AfterEach
    void stopMachine() {
        daemon.close();
        directory.close();
    }

    @Test
    void showsAllDisksAsTheyWereAtOneInstantWhateverTheGuestDoes() {
        a.writer().overwrite(0, MIB, 1);
        b.writer().overwrite(B_SIZE - 512, 512, 2);
        try (SourceSession session = machines.open(source(), run(1));
                FrozenView view = session.freeze(Map.of())) {
            assertThat(session.disks()).extracting(SourceDisk::name).containsExactly("disk-a", "disk-b");
            WitnessDisk before = export(view, 0, "before.raw");
            WitnessDisk beforeB = export(view, 1, "before-b.raw");
            a.writer().overwrite(512 * 1024, MIB, 3);
            a.writer().discard(0, 2L * CHUNK);
            a.writer().writeZeroes(4L * CHUNK, CHUNK);
            b.writer().overwrite(B_SIZE - 1024, 1024, 4);
            assertIdentical(before, export(view, 0, "after.raw"));
            assertIdentical(beforeB, export(view, 1, "after-b.raw"));
            assertThat(QemuImg.virtualSize(
                            DiskRef.nbd(view.disks().get(1).export().toString())))
                    .isEqualTo(B_SIZE);
            view.requireIntact();
        }
    }

    @Test
    void offersWhatChangedSinceTheCheckpoint() {
        Checkpoint first = backUp(run(1), null);
        a.writer().overwrite(3 * MIB, 512, 1);
        a.writer().discard(8 * MIB, CHUNK);
        a.writer().writeZeroes(9 * MIB, CHUNK);
        SourceRun second = run(2, first.name(), ofB(first.name()));
        try (SourceSession session = machines.open(source(), second);
                FrozenView view = session.freeze(since(first))) {
            FrozenDisk frozen = view.disks().get(0);
            assertThat(frozen.reason()).isNull();
            assertThat(frozen.dirtyContext()).isNotNull();
            // Written after the instant: part of the next increment, not of this one.
            a.writer().overwrite(20 * MIB, 512, 2);
            assertThat(dirty(frozen))
                    .containsExactly(range(3 * MIB, CHUNK), range(8 * MIB, CHUNK), range(9 * MIB, CHUNK));
            assertThat(dirty(view.disks().get(1))).isEmpty();
            view.committed();
        }
        assertThat(daemon.bitmapNames("disk-a"))
                .containsExactly(RunNames.of(second).of(RunNames.Kind.CHECKPOINT, 0));
        Checkpoint latest =
                CheckpointCheck.checkpoint(RunNames.of(second).of(RunNames.Kind.CHECKPOINT, 0), CHUNK, true);
        try (SourceSession session = machines.open(source(), run(3, latest.name(), ofB(latest.name())));
                FrozenView view = session.freeze(since(latest))) {
            assertThat(dirty(view.disks().get(0))).containsExactly(range(20 * MIB, CHUNK));
        }
    }

    @Test
    void leavesOnlyTheNewCheckpointsBehindAfterSuccess() throws IOException {
        Machine before = Machine.of(daemon);
        Checkpoint first = backUp(run(1), null);
        assertThat(Machine.of(daemon)).isEqualTo(before);
        assertThat(daemon.bitmapNames("disk-a")).containsExactly(first.name());
        assertThat(daemon.bitmapNames("disk-b")).containsExactly(ofB(first.name()));
        assertThat(daemon.bitmaps("disk-a").getFirst().path("persistent").asBoolean())
                .isTrue();
        assertThat(files()).isEmpty();
    }

    @Test
    void leavesTheOldCheckpointAndNothingElseBehindAfterFailure() throws IOException {
        Checkpoint first = backUp(run(1), null);
        Machine before = Machine.of(daemon);
        try (SourceSession session = machines.open(source(), run(2, first.name(), ofB(first.name())));
                FrozenView _ = session.freeze(since(first))) {
            // Not committed: that is a failure.
            a.writer().overwrite(MIB, 512, 1);
        }
        assertThat(Machine.of(daemon)).isEqualTo(before);
        assertThat(daemon.bitmapNames("disk-a")).containsExactly(first.name());
        assertThat(files()).isEmpty();
        try (SourceSession session = machines.open(source(), run(3, first.name(), ofB(first.name())));
                FrozenView view = session.freeze(since(first))) {
            assertThat(dirty(view.disks().get(0))).containsExactly(range(MIB, CHUNK));
        }
    }

    @Test
    void leavesNothingBehindWhenAStepFails() throws IOException {
        // The last disk's export name is taken, so that everything before it has to be undone.
        SourceRun run = run(1);
        String taken = RunNames.of(run).of(RunNames.Kind.EXPORT, 1);
        try (SourceSession session = machines.open(source(), run)) {
            daemon.monitor()
                    .execute(
                            "block-export-add",
                            Map.of("type", "nbd", "id", taken, "node-name", "disk-b", "name", "taken"));
            Machine before = Machine.of(daemon);
            assertThatThrownBy(() -> session.freeze(Map.of()))
                    .asInstanceOf(type(QmpException.class))
                    .extracting(QmpException::reason)
                    .isEqualTo(QmpErrorCode.QMP_COMMAND_FAILED);
            assertThat(Machine.of(daemon)).isEqualTo(before);
        }
        assertThat(daemon.bitmapNames("disk-a")).isEmpty();
        assertThat(daemon.bitmapNames("disk-b")).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void removesWhatAKilledRunLeftBehind() throws IOException {
        Checkpoint first = backUp(run(1), null);
        Machine before = Machine.of(daemon);
        // A process that was killed: it never closes anything, and another one knows nothing of it.
        QmpMachines killed = new QmpMachines(directory.resolve("scratch"), Clock.systemUTC());
        QmpSession lost = (QmpSession) killed.open(source(), run(2, first.name(), ofB(first.name())));
        lost.freeze(since(first));
        lost.machine().connection().close();
        assertThat(daemon.bitmapNames("disk-a")).hasSize(2);
        assertThat(files()).hasSize(2);
        try (SourceSession session = machines.open(source(), run(3, first.name(), ofB(first.name())))) {
            assertThat(Machine.of(daemon)).isEqualTo(before);
            assertThat(files()).isEmpty();
            assertThat(daemon.bitmapNames("disk-a")).containsExactly(first.name());
            assertThat(session.disks()).noneMatch(disk -> disk.name().startsWith("nightjar"));
        }
    }

    @Test
    void keepsItsHandsOffWhatIsNotItsOwn() {
        daemon.addBitmap("disk-a", "libvirt-1", true);
        daemon.addBitmap("disk-a", "nightjar-00000000-11111111", true);
        Checkpoint first = backUp(run(1), null);
        assertThat(daemon.bitmapNames("disk-a"))
                .containsExactlyInAnyOrder("libvirt-1", "nightjar-00000000-11111111", first.name());
    }

    @Test
    void removesCheckpointsWhoseRecoveryPointsAreGoneAndSaysSo() {
        backUp(run(1), null);
        try (SourceSession session = machines.open(source(), run(2))) {
            assertThat(session.disks()).allMatch(SourceDisk::orphaned);
            assertThat(daemon.bitmapNames("disk-a")).isEmpty();
        }
    }

    @Test
    void saysWhyACheckpointCannotBeBelieved() {
        Checkpoint first = backUp(run(1), null);
        Checkpoint never = new Checkpoint("nightjar-5f0c1a2b-99999999", first.identity());
        assertThat(reason(never)).isEqualTo(FullReadReason.BITMAP_MISSING);
        assertThat(reason(new Checkpoint(first.name(), "granularity=512;persistent")))
                .isEqualTo(FullReadReason.BITMAP_FOREIGN);
        daemon.monitor().execute("block-dirty-bitmap-disable", Map.of("node", "disk-a", "name", first.name()));
        assertThat(reason(first)).isEqualTo(FullReadReason.BITMAP_NOT_RECORDING);
    }

    @Test
    void doesNotBelieveACheckpointOfAMachineThatWasKilled() {
        Checkpoint first = backUp(run(1), null);
        restart(daemon::close);
        assertThat(reason(first)).isNull();
        restart(daemon::kill);
        assertThat(reason(first)).isEqualTo(FullReadReason.BITMAP_INCONSISTENT);
    }

    @Test
    void startsAnNbdServerForTheRunWhereTheMachineHasNone() throws IOException {
        daemon.monitor().execute("block-export-del", Map.of("id", "guest-disk-a", "mode", "hard"));
        daemon.monitor().execute("block-export-del", Map.of("id", "guest-disk-b", "mode", "hard"));
        daemon.monitor().execute("nbd-server-stop");
        QmpSource source = new QmpSource(daemon.qmpSocket().toString(), List.of("disk-a"), null, null);
        for (int i = 1; i < 3; i++) {
            try (SourceSession session = machines.open(source, run(i));
                    FrozenView view = session.freeze(Map.of())) {
                assertThat(export(view, 0, "copy" + i + ".raw")
                                .compare(DiskRef.nbd(
                                        view.disks().getFirst().export().toString()))
                                .identical())
                        .isTrue();
            }
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void takesOverTheNbdServerThatAKilledRunStarted() throws IOException {
        daemon.monitor().execute("block-export-del", Map.of("id", "guest-disk-a", "mode", "hard"));
        daemon.monitor().execute("block-export-del", Map.of("id", "guest-disk-b", "mode", "hard"));
        daemon.monitor().execute("nbd-server-stop");
        QmpSource source = new QmpSource(daemon.qmpSocket().toString(), List.of("disk-a"), null, null);
        QmpMachines killed = new QmpMachines(directory.resolve("scratch"), Clock.systemUTC());
        QmpSession lost = (QmpSession) killed.open(source, run(1));
        lost.freeze(Map.of());
        lost.machine().connection().close();
        try (SourceSession session = machines.open(source, run(2));
                FrozenView view = session.freeze(Map.of())) {
            export(view, 0, "copy.raw");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void asksWhereTheMachinesOwnNbdServerIs() {
        QmpSource source = new QmpSource(daemon.qmpSocket().toString(), List.of(), null, null);
        fails(() -> machines.open(source, run(1)), QmpErrorCode.QMP_NBD_SERVER_BUSY);
        fails(() -> machines.probe(source), QmpErrorCode.QMP_NBD_SERVER_BUSY);
    }

    @Test
    void saysThatADiskDoesNotExistAndWhichDo() {
        QmpSource source =
                new QmpSource(daemon.qmpSocket().toString(), List.of("disk-a", "vdz"), null, daemon.nbdServer());
        assertThatThrownBy(() -> machines.open(source, run(1)))
                .hasMessageContaining("vdz")
                .asInstanceOf(type(QmpException.class))
                .satisfies(e -> assertThat(e.hint()).contains("disk-a, disk-a-file, disk-b"))
                .extracting(QmpException::reason)
                .isEqualTo(QmpErrorCode.QMP_DISK_UNKNOWN);
    }

    @Test
    void saysThatScratchCannotBeMadeAndLeavesNothing() throws IOException {
        Path file = Files.createFile(directory.resolve("no-directory"));
        Machine before = Machine.of(daemon);
        QmpSource source = new QmpSource(daemon.qmpSocket().toString(), List.of(), file.toString(), daemon.nbdServer());
        try (SourceSession session = machines.open(source, run(1))) {
            fails(() -> session.freeze(Map.of()), QmpErrorCode.SCRATCH_UNUSABLE);
        }
        assertThat(Machine.of(daemon)).isEqualTo(before);
    }

    @Test
    void noticesThatTheViewIsGone() {
        try (SourceSession session = machines.open(source(), run(1));
                FrozenView view = session.freeze(Map.of())) {
            view.requireIntact();
            String export = RunNames.of(run(1)).of(RunNames.Kind.EXPORT, 0);
            String snapshot = RunNames.of(run(1)).of(RunNames.Kind.SNAPSHOT, 0);
            daemon.monitor().execute("block-export-del", Map.of("id", export, "mode", "hard"));
            daemon.monitor().execute("blockdev-del", Map.of("node-name", snapshot));
            daemon.monitor()
                    .execute("job-cancel", Map.of("id", RunNames.of(run(1)).of(RunNames.Kind.BACKUP_JOB, 0)));
            fails(view::requireIntact, QmpErrorCode.FROZEN_VIEW_BROKEN);
        }
        assertThat(daemon.bitmapNames("disk-a")).isEmpty();
        assertThat(daemon.nodes()).noneMatch(node -> node.startsWith("nightjar"));
    }

    @Test
    void probesWithoutChangingAnything() {
        Machine before = Machine.of(daemon);
        assertThat(machines.probe(source()))
                .satisfiesExactly(
                        disk -> {
                            assertThat(disk.name()).isEqualTo("disk-a");
                            assertThat(disk.sizeBytes()).isEqualTo(A_SIZE);
                            assertThat(disk.bitmapSupport().name()).isEqualTo("PERSISTENT");
                        },
                        disk -> assertThat(disk.sizeBytes()).isEqualTo(B_SIZE));
        assertThat(Machine.of(daemon)).isEqualTo(before);
    }

    private record Machine(List<String> nodes, List<String> jobs, List<String> exports) {
        static Machine of(StorageDaemon daemon) {
            return new Machine(
                    daemon.nodes().stream().sorted().toList(),
                    daemon.jobs(),
                    daemon.exports().stream().sorted().toList());
        }
    }

    private QmpSource source() {
        return new QmpSource(daemon.qmpSocket().toString(), List.of(), null, daemon.nbdServer());
    }

    private static SourceRun run(int number, String... checkpoints) {
        UUID id = UUID.fromString("%08x-0000-4000-8000-000000000000".formatted(number));
        return new SourceRun(REPOSITORY, id, MACHINE, CHUNK, Set.of(checkpoints));
    }

    private Checkpoint backUp(SourceRun run, @Nullable Checkpoint since) {
        Map<String, PreviousCheckpoint> checkpoints = since == null ? Map.of() : since(since);
        try (SourceSession session = machines.open(source(), run);
                FrozenView view = session.freeze(checkpoints)) {
            view.requireIntact();
            view.committed();
            return Objects.requireNonNull(view.disks().getFirst().checkpoint());
        }
    }

    // What is known of the first disk's checkpoint tells the second's.
    private static Map<String, PreviousCheckpoint> since(Checkpoint first) {
        Checkpoint second = new Checkpoint(ofB(first.name()), first.identity());
        return Map.of("disk-a", new PreviousCheckpoint(first, true), "disk-b", new PreviousCheckpoint(second, true));
    }

    private static String ofB(String checkpointOfA) {
        return checkpointOfA.replaceFirst("0$", "1");
    }

    private @Nullable FullReadReason reason(Checkpoint since) {
        String first = RunNames.of(run(1)).of(RunNames.Kind.CHECKPOINT, 0);
        try (SourceSession session = machines.open(source(), run(99, first));
                FrozenView view = session.freeze(Map.of("disk-a", new PreviousCheckpoint(since, true)))) {
            return view.disks().getFirst().reason();
        }
    }

    private void restart(Runnable end) {
        end.run();
        daemon.close();
        daemon = StorageDaemon.start(directory.path());
        a = daemon.addDisk("disk-a", a.file());
        b = daemon.addDisk("disk-b", b.file());
    }

    private Path image(String name, long size) {
        Path file = directory.resolve(name);
        QemuImg.create(DiskRef.qcow2(file), size);
        return file;
    }

    private WitnessDisk export(FrozenView view, int disk, String name) {
        return WitnessDisk.of(DiskRef.nbd(view.disks().get(disk).export().toString()), directory.resolve(name));
    }

    private static void assertIdentical(WitnessDisk one, WitnessDisk other) {
        assertThat(one.compare(other.disk()).identical()).isTrue();
    }

    private record Range(long start, long length) {}

    private static Range range(long start, long length) {
        return new Range(start, length);
    }

    private List<Range> dirty(FrozenDisk disk) {
        return QemuImg.dirtyExtents(
                        directory.resolve("guest-nbd.sock"),
                        disk.export().export(),
                        String.valueOf(disk.dirtyContext()))
                .stream()
                .map(entry -> new Range(entry.start(), entry.length()))
                .toList();
    }

    private List<Path> files() throws IOException {
        Path scratch = directory.resolve("scratch");
        if (!Files.exists(scratch)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(scratch)) {
            return files.toList();
        }
    }

    private static void fails(ThrowingCallable call, QmpErrorCode code) {
        assertThatThrownBy(call)
                .asInstanceOf(type(QmpException.class))
                .extracting(QmpException::reason)
                .isEqualTo(code);
    }
}
