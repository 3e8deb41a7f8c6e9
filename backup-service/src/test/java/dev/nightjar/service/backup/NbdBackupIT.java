package dev.nightjar.service.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.nightjar.nbd.client.NbdErrorCode;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.service.error.Failure;
import dev.nightjar.service.run.RunDisk;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.source.SourceSpec.NbdDisk;
import dev.nightjar.service.source.SourceSpec.NbdSource;
import dev.nightjar.service.source.UnreadableData;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.testkit.Certificates;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.GuestWriter;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.WitnessDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NbdBackupIT {

    private static final long MIB = 1 << 20;
    private static final int CHUNK = 65_536;
    // The last chunk is 512 bytes long.
    private static final long SIZE = 32 * MIB + 512;

    private TempDirectory directory;
    private Appliance appliance;
    private Path image;

    @BeforeEach
    void start() {
        directory = TempDirectory.create();
        appliance = new Appliance(directory.path());
        image = directory.resolve("disk.qcow2");
        QemuImg.create(DiskRef.qcow2(image), SIZE);
        new GuestWriter(DiskRef.qcow2(image)).overwrite(0, 2 * MIB, 1);
        new GuestWriter(DiskRef.qcow2(image)).overwrite(SIZE - 1024, 1024, 2);
    }

    @AfterEach
    void stop() {
        appliance.close();
        directory.close();
    }

    @Test
    void backsUpOneIncrementOnTheSetThatTheCallerNames() {
        RecordedRun full = full();
        assertThat(reason(full)).isEqualTo("NO_PARENT");
        UUID set = setOf(full);
        QemuImg.addBitmap(image, "b0", CHUNK);
        new GuestWriter(DiskRef.qcow2(image)).overwrite(MIB, 512, 3);
        new GuestWriter(DiskRef.qcow2(image)).discard(0, CHUNK);
        WitnessDisk witness = WitnessDisk.of(DiskRef.qcow2(image), directory.resolve("witness.raw"));
        RecordedRun increment;
        try (QemuNbd server = QemuNbd.serving(DiskRef.qcow2(image)).bitmap("b0").start(directory.path())) {
            increment = appliance.backUp(source(server.uri(), "b0"), since(set));
        }
        RunDisk disk = increment.disk("vda");
        assertThat(disk.mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);
        assertThat(disk.dirtyBytes()).isEqualTo(2L * CHUNK);
        assertThat(disk.readBytes()).isEqualTo(CHUNK);
        assertThat(disk.zeroBytes()).isEqualTo(CHUNK);
        assertIdentical(witness, increment);
        PointRecord point = appliance.repository.point(increment.points.getFirst());
        assertThat(point.parentId()).isEqualTo(full.points.getFirst());
        assertThat(point.checkpoint()).isNull();
    }

    @Test
    void readsInFullWhenNobodySaysWhatTheBitmapMeans() {
        QemuImg.addBitmap(image, "b0", CHUNK);
        try (QemuNbd server = QemuNbd.serving(DiskRef.qcow2(image)).bitmap("b0").start(directory.path())) {
            appliance.backUp(source(server.uri(), "b0"), since(null));
            assertThat(reason(appliance.backUp(source(server.uri(), "b0"), since(null))))
                    .isEqualTo("BITMAP_ORIGIN_UNKNOWN");
            assertThat(reason(appliance.backUp(source(server.uri(), "b0"), since(UUID.randomUUID()))))
                    .isEqualTo("PARENT_MISSING");
            RecordedRun last = appliance.backUp(source(server.uri(), null), since(null));
            assertThat(reason(last)).isEqualTo("NO_BITMAP");
            assertThat(last.disk("vda").newBytes()).isZero();
        }
    }

    @Test
    void failsWhenTheBitmapDoesNotExistEvenForAFull() {
        try (QemuNbd server = QemuNbd.serving(DiskRef.qcow2(image)).start(directory.path())) {
            assertThatThrownBy(() -> appliance.backUp(source(server.uri(), "nope"), since(null)))
                    .hasMessageContaining("nope")
                    .satisfies(e -> assertThat(Failure.of(e).code()).isEqualTo("NBD_CONTEXT_MISSING"))
                    .asInstanceOf(type(NbdException.class))
                    .satisfies(e -> assertThat(e.hint()).isNotBlank());
        }
        assertThat(appliance.repository.points()).isEmpty();
    }

    @Test
    void readsUnderTlsAndSaysWhomItDoesNotBelieve() {
        Certificates certificates = new Certificates();
        Path files = directory.resolve("pki");
        certificates.writeServer(files, Certificates.server("localhost"));
        certificates.writeClient(files);
        WitnessDisk witness = WitnessDisk.of(DiskRef.qcow2(image), directory.resolve("witness.raw"));
        try (QemuNbd server = QemuNbd.serving(DiskRef.qcow2(image))
                .option("--object", "tls-creds-x509,id=tls,endpoint=server,dir=" + files + ",verify-peer=on")
                .option("--tls-creds", "tls")
                .start(directory.path())) {
            String secure = server.uri().replaceFirst("^nbd", "nbds");
            assertIdentical(
                    witness, appliance.backUp(source(secure + "&tls-certificates=" + files, null), since(null)));
            for (String refused : List.of(secure, server.uri())) {
                assertThatThrownBy(() -> appliance.backUp(source(refused, null), since(null)))
                        .satisfies(e -> assertThat(Failure.of(e).code()).isEqualTo("NBD_TLS_FAILED"));
            }
        }
    }

    @Test
    void saysThatAnExportOrItsServerDoesNotExist() {
        try (QemuNbd server =
                QemuNbd.serving(DiskRef.qcow2(image)).export("vda").start(directory.path())) {
            fails(server.uri("vdb"), NbdErrorCode.EXPORT_UNKNOWN);
            String gone = server.uri("vda").replace(".sock", ".sock-gone");
            fails(gone, NbdErrorCode.UNREACHABLE);
            fails("http://localhost/vda", NbdErrorCode.INVALID_URI);
        }
        assertThat(appliance.repository.points()).isEmpty();
    }

    @Test
    void commitsAllDisksOfAMachineOrNone() {
        try (QemuNbd server =
                QemuNbd.serving(DiskRef.qcow2(image)).export("vda").start(directory.path())) {
            NbdSource source = new NbdSource(
                    List.of(new NbdDisk("vda", server.uri("vda"), null), new NbdDisk("vdb", server.uri("vdb"), null)));
            assertThatThrownBy(() -> appliance.backUp(source, since(null))).isInstanceOf(NbdException.class);
        }
        assertThat(appliance.repository.points()).isEmpty();
    }

    @Test
    void readsInPiecesFromAServerThatTakesLessThanAChunkAtATime() {
        Path raw = directory.resolve("disk.raw");
        QemuImg.convert(DiskRef.qcow2(image), DiskRef.raw(raw));
        try (Nbdkit server = Nbdkit.start(
                directory.path(),
                "--filter=blocksize-policy",
                "file",
                raw.toString(),
                "blocksize-minimum=512",
                "blocksize-preferred=4096",
                "blocksize-maximum=12K",
                "blocksize-error-policy=error")) {
            RecordedRun full = appliance.backUp(source(server.uri(), null), since(null));
            assertIdentical(new WitnessDisk(raw), full);
        }
    }

    @Test
    void readsEverythingFromAServerThatKnowsNoBlockStatus() {
        Path raw = directory.resolve("disk.raw");
        QemuImg.convert(DiskRef.qcow2(image), DiskRef.raw(raw));
        try (Nbdkit server = Nbdkit.start(directory.path(), "--no-sr", "file", raw.toString())) {
            RecordedRun full = appliance.backUp(source(server.uri(), null), since(null));
            assertThat(full.disk("vda").readBytes()).isEqualTo(SIZE);
            assertThat(full.disk("vda").zeroBytes()).isGreaterThan(29 * MIB);
            assertIdentical(new WitnessDisk(raw), full);
        }
    }

    @Test
    void failsWhenABlockCannotBeReadAndLeavesNoPoint() {
        try (QemuNbd server = QemuNbd.servingImageOptions("driver=qcow2,file.driver=blkdebug,"
                        + "file.image.driver=file,file.image.filename=" + image
                        + ",file.inject-error.0.event=read_aio,file.inject-error.0.errno=5")
                .start(directory.path())) {
            assertThatThrownBy(() -> appliance.backUp(source(server.uri(), null), since(null)))
                    .asInstanceOf(type(NbdException.class))
                    .extracting(NbdException::code)
                    .isEqualTo(NbdErrorCode.IO_ERROR);
        }
        assertThat(appliance.repository.points()).isEmpty();
    }

    @Test
    void backsUpADiskWithoutABit() {
        Path empty = directory.resolve("empty.raw");
        QemuImg.create(DiskRef.raw(empty), 10 * MIB);
        try (QemuNbd server = QemuNbd.serving(DiskRef.raw(empty)).tcp().start(directory.path())) {
            RecordedRun full = appliance.backUp(source(server.uri(), null), since(null));
            // qemu-img gives a new raw file its first block.
            assertThat(full.disk("vda").readBytes()).isLessThanOrEqualTo(CHUNK);
            assertThat(full.disk("vda").zeroBytes()).isEqualTo(10 * MIB);
            assertThat(full.disk("vda").storedBytes()).isZero();
            assertIdentical(new WitnessDisk(empty), full);
        }
    }

    private RecordedRun full() {
        try (QemuNbd server = QemuNbd.serving(DiskRef.qcow2(image)).start(directory.path())) {
            return appliance.backUp(source(server.uri(), null), since(null));
        }
    }

    private void fails(String uri, NbdErrorCode code) {
        assertThatThrownBy(() -> appliance.backUp(source(uri, null), since(null)))
                .asInstanceOf(type(NbdException.class))
                .satisfies(e -> assertThat(e.hint()).isNotBlank())
                .extracting(NbdException::code)
                .isEqualTo(code);
    }

    private static NbdSource source(String uri, @Nullable String bitmap) {
        return new NbdSource(List.of(new NbdDisk("vda", uri, bitmap)));
    }

    private static BackupRequest since(@Nullable UUID set) {
        return new BackupRequest(false, set, UnreadableData.FAIL, RunTrigger.MANUAL, null, null);
    }

    private UUID setOf(RecordedRun run) {
        return appliance.repository.point(run.points.getFirst()).setId();
    }

    private static String reason(RecordedRun run) {
        RunDisk.FullReason reason = run.disk("vda").reason();
        assertThat(reason).isNotNull();
        return reason.code();
    }

    private void assertIdentical(WitnessDisk witness, RecordedRun run) {
        QemuImg.Comparison comparison = witness.compare(appliance.restore(run.points.getFirst()));
        assertThat(comparison.identical()).as(comparison.detail()).isTrue();
    }
}
