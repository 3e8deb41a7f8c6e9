package dev.nightjar.service.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.nightjar.nbd.client.NbdErrorCode;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestoreIT {

    private static TempDirectory home;
    private static StoredPoint point;

    private TempDirectory directory;

    @BeforeAll
    static void storePoint() throws IOException {
        home = TempDirectory.create();
        point = new StoredPoint(home.path());
    }

    @AfterAll
    static void dropPoint() {
        point.close();
        home.close();
    }

    @BeforeEach
    void makeDirectory() {
        directory = TempDirectory.create();
    }

    @AfterEach
    void deleteDirectory() {
        directory.close();
    }

    @Test
    void writesASparseFileAndNothingElse() throws IOException {
        Path file = directory.resolve("disk.img");
        CountedRun run = new CountedRun();
        new FileRestore(point.reader(), file, false).execute(run);
        assertIdentical(file);
        assertThat(run.done).isEqualTo(StoredPoint.SIZE).isEqualTo(run.total);
        assertThat(QemuImg.info(DiskRef.raw(file)).path("actual-size").asLong()).isLessThan(10L * StoredPoint.CHUNK);
        assertThat(files()).containsExactly(file);
    }

    @Test
    void leavesNothingWhenItIsCancelled() throws IOException {
        Path file = directory.resolve("disk.img");
        assertThatThrownBy(
                        () -> new FileRestore(point.reader(), file, false).execute(new CountedRun(StoredPoint.CHUNK)))
                .hasMessage("cancelled");
        assertThat(files()).isEmpty();
    }

    @Test
    void doesNotReplaceAFileThatAppearedMeanwhile() throws IOException {
        Path file = Files.writeString(directory.resolve("disk.img"), "mine");
        fails("RESTORE_TARGET_EXISTS", () -> new FileRestore(point.reader(), file, false).execute(new CountedRun()));
        assertThat(file).hasContent("mine");
        assertThat(files()).containsExactly(file);
    }

    @Test
    void replacesAFileWhenAskedToAndKeepsItUntilThen() throws IOException {
        Path file = Files.writeString(directory.resolve("disk.img"), "mine");
        assertThatThrownBy(() -> new FileRestore(point.reader(), file, true).execute(new CountedRun(StoredPoint.CHUNK)))
                .hasMessage("cancelled");
        assertThat(file).hasContent("mine");
        new FileRestore(point.reader(), file, true).execute(new CountedRun());
        assertIdentical(file);
        assertThat(files()).containsExactly(file);
    }

    @Test
    void overwritesWhateverAnExportHeldAndLeavesWhatLiesBehindTheDisk() throws IOException {
        byte[] garbage = garbage(StoredPoint.SIZE + 3 * 4096 - 1536);
        Path target = Files.write(directory.resolve("target.raw"), garbage);
        try (QemuNbd server = QemuNbd.serving(DiskRef.raw(target)).writable().start(directory.path())) {
            NbdRestore.to(point.reader(), server.uri()).execute(new CountedRun());
        }
        assertContent(target, garbage);
    }

    @Test
    void keepsTheRestOfABlockThatTheDiskEndsIn() throws IOException {
        byte[] garbage = garbage(StoredPoint.SIZE + 4096 - 1536);
        Path target = Files.write(directory.resolve("target.raw"), garbage);
        try (Nbdkit server = Nbdkit.start(
                directory.path(),
                "--filter=blocksize-policy",
                "file",
                target.toString(),
                "blocksize-minimum=4096",
                "blocksize-preferred=4096",
                "blocksize-maximum=128K",
                "blocksize-error-policy=error")) {
            NbdRestore.to(point.reader(), server.uri()).execute(new CountedRun());
        }
        assertContent(target, garbage);
    }

    @Test
    void writesZerosToAServerThatKnowsNoWriteZeroesAndNoFlush() throws IOException {
        byte[] garbage = garbage(StoredPoint.SIZE);
        Path target = Files.write(directory.resolve("target.raw"), garbage);
        try (Nbdkit server = Nbdkit.start(
                directory.path(),
                "--filter=nozero",
                "eval",
                "get_size=echo " + StoredPoint.SIZE,
                "can_write=exit 0",
                "can_flush=exit 3",
                "pread=dd if=" + target + " bs=1M iflag=skip_bytes,count_bytes skip=$4 count=$3 status=none",
                "pwrite=dd of=" + target + " bs=1M oflag=seek_bytes seek=$4 conv=notrunc status=none")) {
            NbdRestore.to(point.reader(), server.uri()).execute(new CountedRun());
        }
        assertContent(target, garbage);
    }

    @Test
    void refusesAnExportThatIsReadOnlyTooSmallOrNotThere() throws IOException {
        Path target = Files.write(directory.resolve("target.raw"), new byte[StoredPoint.SIZE - 512]);
        try (QemuNbd server = QemuNbd.serving(DiskRef.raw(target)).writable().start(directory.path())) {
            fails("NBD_TOO_SMALL", () -> NbdRestore.to(point.reader(), server.uri()));
            assertThatThrownBy(() -> NbdRestore.to(point.reader(), server.uri("nope")))
                    .asInstanceOf(type(NbdException.class))
                    .extracting(NbdException::code)
                    .isEqualTo(NbdErrorCode.EXPORT_UNKNOWN);
        }
        try (QemuNbd server = QemuNbd.serving(DiskRef.raw(target)).start(directory.path())) {
            fails("NBD_READ_ONLY", () -> NbdRestore.to(point.reader(), server.uri()));
        }
    }

    @Test
    void saysThatTheTargetIsFull() throws IOException {
        try (Nbdkit server = Nbdkit.start(
                directory.path(),
                "--filter=error",
                "memory",
                Long.toString(StoredPoint.SIZE + 512),
                "error-pwrite=ENOSPC",
                "error-pwrite-rate=100%")) {
            assertThatThrownBy(() -> NbdRestore.to(point.reader(), server.uri()).execute(new CountedRun()))
                    .asInstanceOf(type(NbdException.class))
                    .extracting(NbdException::code)
                    .isEqualTo(NbdErrorCode.NO_SPACE);
        }
    }

    private void assertIdentical(Path file) {
        QemuImg.Comparison comparison = QemuImg.compare(DiskRef.raw(point.witness()), DiskRef.raw(file));
        assertThat(comparison.identical()).as(comparison.detail()).isTrue();
    }

    private void assertContent(Path target, byte[] before) throws IOException {
        byte[] expected = before.clone();
        System.arraycopy(StoredPoint.content(), 0, expected, 0, StoredPoint.SIZE);
        byte[] now = Files.readAllBytes(target);
        assertThat(Arrays.mismatch(now, expected)).isEqualTo(-1);
    }

    private static byte[] garbage(int size) {
        byte[] bytes = new byte[size];
        new Random(2).nextBytes(bytes);
        return bytes;
    }

    private Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.path())) {
            return files.toList().stream();
        }
    }

    private static void fails(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(type(NightjarException.class))
                .satisfies(e -> assertThat(e.hint()).isNotBlank())
                .extracting(NightjarException::code)
                .isEqualTo(code);
    }
}
