package dev.nightjar.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuIo;
import dev.nightjar.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** QEMU's own NBD client, through its tools. */
class QemuClientIT {

    private static final int SIZE = 32 << 20;

    private MemoryDisk disk;
    private MemoryDisk target;
    private TestServer server;

    @BeforeEach
    void serve() {
        disk = MemoryDisk.sample(SIZE, false);
        target = MemoryDisk.sample(SIZE, true);
        server = TestServer.serving(TestExport.of("disk", disk), TestExport.of("target", target));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path raw(MemoryDisk of) throws IOException {
        return Files.write(server.directory().resolve("raw"), of.content());
    }

    @Test
    void qemuImgComparesItWithItsContent() throws IOException {
        DiskRef raw = DiskRef.raw(raw(disk));
        assertThat(QemuImg.compare(DiskRef.nbd(server.uri("disk")), raw).identical())
                .isTrue();
        assertThat(QemuImg.compare(DiskRef.nbd(server.tcpUri("disk")), raw).identical())
                .isTrue();
        assertThat(QemuImg.virtualSize(DiskRef.nbd(server.uri("disk")))).isEqualTo(SIZE);
    }

    @Test
    void qemuImgConvertsItToQcow2() throws IOException {
        DiskRef qcow2 = DiskRef.qcow2(server.directory().resolve("copy.qcow2"));
        QemuImg.convert(DiskRef.nbd(server.uri("disk")), qcow2);
        assertThat(QemuImg.compare(qcow2, DiskRef.raw(raw(disk))).identical()).isTrue();
    }

    @Test
    void qemuImgConvertsIntoIt() throws IOException {
        Path raw = raw(disk);
        Command.of(Tool.QEMU_IMG, "convert", "-n", "-f", "raw", "-O", "raw", raw.toString(), server.uri("target"))
                .run();
        assertThat(Arrays.equals(target.content(), disk.content())).isTrue();
    }

    @Test
    void qemuImgMapsItsHoles() {
        List<QemuImg.MapEntry> map = QemuImg.map(DiskRef.nbd(server.uri("disk")));
        assertThat(map.stream().mapToLong(QemuImg.MapEntry::length).sum()).isEqualTo(SIZE);
        assertThat(map.stream()
                        .filter(QemuImg.MapEntry::data)
                        .mapToLong(QemuImg.MapEntry::length)
                        .sum())
                .isEqualTo(SIZE / 4);
        assertThat(map.stream().filter(entry -> !entry.data())).allMatch(QemuImg.MapEntry::zero);
    }

    @Test
    void qemuImgMapsADirtyBitmap() {
        List<QemuImg.MapEntry> dirty = QemuImg.dirtyExtents(server.socket(), "disk", MemoryDisk.DIRTY);
        assertThat(dirty).hasSize(32).allMatch(entry -> entry.length() == 16 << 10);
        assertThat(dirty.get(5).start()).isEqualTo((5L << 20) + (32 << 10));
    }

    @Test
    void qemuIoWritesAndReadsBack() {
        DiskRef served = DiskRef.nbd(server.uri("target"));
        QemuIo.run(
                served,
                "write -P 0x11 1M 3M",
                "write -f -P 0x22 4097 511",
                "write -z 2M 1M",
                "write -z -u 3M 64k",
                "write -z -n 5M 64k",
                "discard 6M 1M",
                "flush",
                "read -P 0x11 1M 1M",
                "read -P 0x22 4097 511",
                "read -P 0 2M 1M",
                "read -P 0 3M 64k",
                "read -P 0 5M 64k",
                "read -P 0 6M 1M");
        assertThat(target.content()[1 << 20]).isEqualTo((byte) 0x11);
        assertThat(target.content()[4097]).isEqualTo((byte) 0x22);
        assertThat(target.content()[4096]).isNotEqualTo((byte) 0x22);
        assertThat(target.flushes()).as("one for FUA, one asked for").isGreaterThanOrEqualTo(2);
    }

    @Test
    void qemuIoMayNotWriteWhatIsReadOnly() {
        Command.Result result = Command.of(Tool.QEMU_IO, "-f", "raw", server.uri("disk"), "-c", "write 0 4k")
                .runToEnd();
        assertThat(result.output() + result.errors()).contains("Permission denied");
    }

    @Test
    void qemuNbdListsTheExports() {
        String list = Command.of(Tool.QEMU_NBD, "-L", "-k", server.socket().toString())
                .run();
        assertThat(list)
                .contains("exports available: 2")
                .contains("export: 'disk'")
                .contains("export: 'target'")
                .contains("description: a disk of a test")
                .contains("size:  " + SIZE)
                .contains("transaction size: 64-bit")
                .contains("base:allocation")
                .contains(MemoryDisk.DIRTY)
                .contains("min block: 1")
                .contains("opt block: 65536")
                .contains("max block: 33554432")
                .contains("multi")
                .contains("block-status-payload");
    }
}
