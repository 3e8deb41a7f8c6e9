package dev.nightjar.service.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.nightjar.nbd.client.NbdErrorCode;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.service.run.RunDisk;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.source.SourceSpec.NbdDisk;
import dev.nightjar.service.source.SourceSpec.NbdSource;
import dev.nightjar.service.source.UnreadableData;
import dev.nightjar.storage.point.DamagedRanges.Range;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.GuestWriter;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.WitnessDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk of which some sectors cannot be read, as QEMU's blkdebug makes them. */
class UnreadableDiskIT {

    private static final int MIB = 1 << 20;
    private static final int SECTOR = 512;
    private static final List<Integer> BAD_SECTORS = List.of(3000, 5000, 5001, 5003);
    private static final List<Range> BAD_RANGES = List.of(
            new Range(3000L * SECTOR, SECTOR),
            new Range(5000L * SECTOR, 2 * SECTOR),
            new Range(5003L * SECTOR, SECTOR));

    private TempDirectory directory;
    private Appliance appliance;
    private Path image;
    private WitnessDisk witness;

    @BeforeEach
    void start() {
        directory = TempDirectory.create();
        appliance = new Appliance(directory.path());
        image = directory.resolve("disk.qcow2");
        QemuImg.create(DiskRef.qcow2(image), 8 * MIB);
        new GuestWriter(DiskRef.qcow2(image)).overwrite(0, 4 * MIB, 1);
        witness = WitnessDisk.of(DiskRef.qcow2(image), directory.resolve("witness.raw"));
    }

    @AfterEach
    void stop() {
        appliance.close();
        directory.close();
    }

    @Test
    void failsTheRunUnlessItIsToldOtherwise() {
        try (QemuNbd failing = failing()) {
            assertThatThrownBy(() -> backUp(failing, null, UnreadableData.FAIL, null))
                    .asInstanceOf(type(NbdException.class))
                    .extracting(NbdException::code)
                    .isEqualTo(NbdErrorCode.IO_ERROR);
        }
        assertThat(appliance.repository.points()).isEmpty();
    }

    @Test
    void findsTheVerySectorsAndKeepsEverythingElse() throws IOException {
        RecordedRun run;
        try (QemuNbd failing = failing()) {
            run = backUp(failing, null, UnreadableData.RECORD, null);
        }
        PointRecord point = point(run);
        assertThat(point.damaged().ranges()).isEqualTo(BAD_RANGES);
        assertThat(run.disk("vda").damagedBytes()).isEqualTo(4 * SECTOR);
        assertThat(Arrays.mismatch(Files.readAllBytes(restored(point)), withZeros(BAD_RANGES)))
                .isEqualTo(-1);
    }

    @Test
    void anIncrementReadsAgainWhatThePointBeforeCouldNot() throws IOException {
        RecordedRun full;
        try (QemuNbd failing = failing()) {
            full = backUp(failing, null, UnreadableData.RECORD, null);
        }
        QemuImg.addBitmap(image, "b0", 65_536);
        RecordedRun still;
        try (QemuNbd failing = failing("b0")) {
            still = backUp(failing, "b0", UnreadableData.RECORD, point(full).setId());
        }
        assertThat(still.disk("vda").mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);
        assertThat(point(still).damaged().ranges()).isEqualTo(BAD_RANGES);

        RecordedRun healed;
        try (QemuNbd healthy =
                QemuNbd.serving(DiskRef.qcow2(image)).bitmap("b0").start(directory.path())) {
            healed = backUp(healthy, "b0", UnreadableData.FAIL, point(full).setId());
        }
        assertThat(healed.disk("vda").mode()).isEqualTo(RunDisk.Mode.INCREMENTAL);
        assertThat(healed.disk("vda").dirtyBytes()).isZero();
        assertThat(healed.disk("vda").readBytes()).as("the two damaged chunks").isEqualTo(2 * 65_536);
        assertThat(point(healed).damaged().isEmpty()).isTrue();
        assertThat(witness.compare(DiskRef.raw(restored(point(healed)))).identical())
                .isTrue();
    }

    private QemuNbd failing(String... bitmaps) {
        StringBuilder options = new StringBuilder(
                "driver=blkdebug,image.driver=qcow2,image.file.driver=file,image.file.filename=" + image);
        for (int i = 0; i < BAD_SECTORS.size(); i++) {
            options.append(",inject-error.%d.event=none,inject-error.%d.iotype=read,inject-error.%d.errno=5"
                    .formatted(i, i, i));
            options.append(",inject-error.%d.sector=%d".formatted(i, BAD_SECTORS.get(i)));
        }
        QemuNbd.Builder server = QemuNbd.servingImageOptions(options.toString());
        for (String bitmap : bitmaps) {
            server.bitmap(bitmap);
        }
        return server.start(directory.path());
    }

    private RecordedRun backUp(
            QemuNbd server, @Nullable String bitmap, UnreadableData onUnreadable, @Nullable UUID since) {
        NbdSource source = new NbdSource(List.of(new NbdDisk("vda", server.uri(), bitmap)));
        return appliance.backUp(source, new BackupRequest(false, since, onUnreadable, RunTrigger.MANUAL, null, null));
    }

    private PointRecord point(RecordedRun run) {
        return appliance.repository.point(run.points.getFirst());
    }

    private Path restored(PointRecord point) {
        return Path.of(appliance.restore(point.id()).location());
    }

    private byte[] withZeros(List<Range> ranges) throws IOException {
        byte[] bytes = Files.readAllBytes(witness.file());
        ranges.forEach(range -> Arrays.fill(bytes, (int) range.offset(), (int) range.end(), (byte) 0));
        return bytes;
    }
}
