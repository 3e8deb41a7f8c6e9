package dev.nightjar.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.cli.Terminal;
import dev.nightjar.cli.Terminal.Outcome;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuIo;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Copies between real servers and files, each compared by qemu-img. */
class CopyIT {

    /** Not a multiple of anything but QEMU's sector. */
    private static final long SIZE = (48 << 20) + 512 * 7;

    private static TempDirectory shared;
    private static DiskRef disk;
    private static Path raw;
    private static QemuNbd server;

    private TempDirectory directory;

    @BeforeAll
    static void serveADisk() {
        shared = TempDirectory.create();
        disk = DiskRef.qcow2(shared.resolve("disk.qcow2"));
        QemuImg.create(disk, SIZE);
        QemuIo.run(disk, "write -P 1 0 3M", "write -z 5M 1M", "write -P 2 40M 64k", "write -P 3 48M 3584");
        // Zeros that were written as data, which only looking finds.
        QemuIo.run(disk, "write -P 0 20M 2M", "write -P 9 21M 4k");
        raw = shared.resolve("disk.raw");
        QemuImg.convert(disk, DiskRef.raw(raw));
        server = QemuNbd.serving(disk).export("vda").start(shared.path());
    }

    @AfterAll
    static void stop() {
        server.close();
        shared.close();
    }

    @BeforeEach
    void makeRoom() {
        directory = TempDirectory.create();
    }

    @AfterEach
    void tidyUp() {
        directory.close();
    }

    private static void assertSame(DiskRef copy) {
        assertThat(QemuImg.compare(disk, copy)).matches(QemuImg.Comparison::identical);
    }

    private static JsonNode totals(String output) {
        return JsonMapper.shared().readTree(output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"extended", "structured", "simple"})
    void anExportBecomesAFileWithItsHoles(String mode) {
        Path copy = directory.resolve("copy.raw");
        JsonNode totals = totals(
                Terminal.succeed("nbd", "copy", "--json", "--highest-mode", mode, server.uri(), copy.toString()));
        assertSame(DiskRef.raw(copy));
        assertThat(allocated(copy)).isBetween(3L << 20, 4L << 20);
        assertThat(totals.get("size").asLong()).isEqualTo(SIZE);
        long known = totals.get("zeroBytes").asLong();
        assertThat(known + totals.get("readBytes").asLong()).isEqualTo(SIZE);
        assertThat(known)
                .isEqualTo(mode.equals("simple") ? 0 : SIZE - (3 << 20) - (64 << 10) - (2 << 20) - 65536 / 128 * 7);
    }

    @Test
    void withoutSparseWrittenZerosStayData() {
        Path copy = directory.resolve("copy.raw");
        Terminal.succeed("nbd", "copy", "--sparse", "0", server.uri(), copy.toString());
        assertSame(DiskRef.raw(copy));
        assertThat(allocated(copy)).isBetween(5L << 20, 6L << 20);
    }

    @Test
    void withoutExtentsEverythingIsRead() {
        Path copy = directory.resolve("copy.raw");
        JsonNode totals = totals(Terminal.succeed(
                "nbd", "copy", "--no-extents", "--json", "--request-size", "64K", server.uri(), copy.toString()));
        assertSame(DiskRef.raw(copy));
        assertThat(totals.get("readBytes").asLong()).isEqualTo(SIZE);
    }

    @Test
    void anOldFileIsReplacedAlsoIfItWasLonger() throws IOException {
        Path copy = directory.resolve("copy.raw");
        Files.write(copy, new byte[60 << 20]);
        Terminal.succeed("nbd", "copy", "--flush", server.uri(), copy.toString());
        assertSame(DiskRef.raw(copy));
    }

    @Test
    void standardOutputGetsEveryByteInOrder() throws IOException {
        Outcome outcome = Terminal.run("nbd", "copy", "--requests", "7", "--request-size", "12K", server.uri(), "-");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.bytes()).isEqualTo(Files.readAllBytes(raw));
    }

    @Test
    void nowhereTakesEverything() {
        JsonNode totals = totals(Terminal.succeed("nbd", "copy", "--json", server.uri(), "null:"));
        assertThat(totals.get("size").asLong()).isEqualTo(SIZE);
    }

    @Test
    void aFileBecomesAnExportWithoutReadingItsHoles() {
        DiskRef copy = DiskRef.qcow2(directory.resolve("copy.qcow2"));
        QemuImg.create(copy, SIZE);
        QemuIo.run(copy, "write -P 0xee 0 48M");
        try (QemuNbd target = QemuNbd.serving(copy).writable().start(directory.path())) {
            JsonNode totals =
                    totals(Terminal.succeed("nbd", "copy", "--json", "--flush", raw.toString(), target.uri()));
            assertThat(totals.get("zeroBytes").asLong()).isGreaterThan(SIZE / 2);
        }
        assertSame(copy);
    }

    @Test
    void anExportGoesIntoALargerOneAndLeavesTheRestAlone() {
        Path copy = directory.resolve("copy.raw");
        try (QemuNbd target = serveEmptyFile(copy, SIZE + 65536)) {
            Terminal.succeed("nbd", "copy", server.uri(), target.uri());
        }
        assertThat(QemuImg.compare(disk, DiskRef.raw(copy)).detail())
                .contains("sizes differ: %d and %d bytes".formatted(SIZE, SIZE + 65536));
    }

    private QemuNbd serveEmptyFile(Path file, long size) {
        QemuImg.create(DiskRef.raw(file), size);
        return QemuNbd.serving(DiskRef.raw(file)).writable().start(directory.path());
    }

    @Test
    void aServerThatWantsLargeBlocksGetsThem() {
        Path copy = directory.resolve("copy.raw");
        try (Nbdkit source = Nbdkit.start(
                        directory.path(),
                        "--filter=blocksize-policy",
                        "file",
                        raw.toString(),
                        "blocksize-minimum=512",
                        "blocksize-preferred=4096",
                        "blocksize-maximum=64K",
                        "blocksize-error-policy=error");
                QemuNbd target = serveEmptyFile(copy, SIZE)) {
            Terminal.succeed("nbd", "copy", source.uri(), target.uri());
        }
        assertSame(DiskRef.raw(copy));
    }

    @Test
    void aTargetWithoutWriteZeroesGetsThemAsData() {
        Path copy = directory.resolve("copy.raw");
        QemuImg.create(DiskRef.raw(copy), SIZE);
        QemuIo.run(DiskRef.raw(copy), "write -P 0xee 0 48M");
        try (Nbdkit target =
                Nbdkit.start(directory.path(), "--filter=nozero", "file", copy.toString(), "zeromode=none")) {
            Terminal.succeed("nbd", "copy", server.uri(), target.uri());
        }
        assertSame(DiskRef.raw(copy));
    }

    @Test
    void aTargetThatIsTooSmallIsRefusedBeforeAnythingIsWritten() {
        Path copy = directory.resolve("copy.raw");
        try (QemuNbd target = serveEmptyFile(copy, SIZE - 512)) {
            assertFailure(Terminal.run("nbd", "copy", server.uri(), target.uri()), "TARGET_TOO_SMALL: ");
        }
        assertThat(allocated(copy)).isLessThan(64 << 10);
    }

    @Test
    void aReadOnlyTargetIsRefused() {
        assertFailure(Terminal.run("nbd", "copy", server.uri(), server.uri()), "REFUSED_BY_POLICY: ");
    }

    @Test
    void aReadErrorEndsTheCopyAndSaysWhere() {
        try (Nbdkit broken = Nbdkit.start(
                directory.path(), "eval", "get_size=echo 8388608", "pread=echo EIO bad sector >&2; exit 1")) {
            for (String target : List.of("null:", directory.resolve("copy.raw").toString())) {
                Outcome outcome = Terminal.run("nbd", "copy", broken.uri(), target);
                assertFailure(outcome, "IO_ERROR: ");
                assertThat(outcome.errors()).contains("at offset ");
            }
            assertThat(Terminal.run("nbd", "copy", broken.uri(), "-").errors()).startsWith("IO_ERROR: ");
        }
    }

    @Test
    void aDirectoryIsNoTargetAndNoSource() {
        assertFailure(Terminal.run("nbd", "copy", server.uri(), directory.path().toString()), "FILE_ERROR: ");
        assertFailure(Terminal.run("nbd", "copy", directory.path().toString(), "null:"), "FILE_ERROR: ");
    }

    @Test
    void aFullFileSystemIsSaidToBeFull() {
        assertFailure(Terminal.run("nbd", "copy", raw.toString(), "/dev/full"), "TARGET_TOO_SMALL: ");
    }

    @Test
    void progressIsShownWhereItIsWanted() {
        Outcome outcome = Terminal.run("nbd", "copy", "--progress", server.uri(), "null:");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.errors()).contains("copying", "100%", "48.0 MiB copied in", "/s");
        assertThat(Terminal.run("nbd", "copy", "--no-progress", server.uri(), "null:")
                        .errors())
                .isEmpty();
    }

    @Test
    void anExportWithoutBytesIsCopied() {
        Path copy = directory.resolve("copy.raw");
        try (Nbdkit empty = Nbdkit.start(directory.path(), "memory", "0")) {
            Terminal.succeed("nbd", "copy", empty.uri(), copy.toString());
        }
        assertThat(copy).isEmptyFile();
    }

    private static void assertFailure(Outcome outcome, String start) {
        assertThat(outcome.errors()).startsWith(start).doesNotContain("\tat ");
        assertThat(outcome.exitCode()).isEqualTo(1);
    }

    /** What a file takes on the file system, in bytes. */
    private static long allocated(Path file) {
        return QemuImg.info(DiskRef.raw(file)).required("actual-size").asLong();
    }
}
