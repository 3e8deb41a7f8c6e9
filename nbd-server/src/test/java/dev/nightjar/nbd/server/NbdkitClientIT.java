package dev.nightjar.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** nbdkit's nbd plugin as a client, seen through by QEMU. */
class NbdkitClientIT {

    private static final int SIZE = 16 << 20;

    @Test
    void whatItPassesOnIsTheDisk() throws IOException {
        MemoryDisk disk = MemoryDisk.sample(SIZE, false);
        try (TestServer server = TestServer.serving(TestExport.of("disk", disk));
                Nbdkit proxy = Nbdkit.start(
                        server.directory(), "-r", "nbd", "socket=" + server.socket(), "export=disk", "shared=true")) {
            Path raw = Files.write(server.directory().resolve("raw"), disk.content());
            assertThat(QemuImg.compare(DiskRef.nbd(proxy.uri()), DiskRef.raw(raw))
                            .identical())
                    .isTrue();
            assertThat(QemuImg.map(DiskRef.nbd(proxy.uri())).stream()
                            .filter(QemuImg.MapEntry::data)
                            .mapToLong(QemuImg.MapEntry::length)
                            .sum())
                    .isEqualTo(SIZE / 4);
        }
    }

    @Test
    void whatIsWrittenThroughItArrives() {
        MemoryDisk disk = new MemoryDisk(SIZE, true);
        try (TestServer server = TestServer.serving(TestExport.of("disk", disk));
                Nbdkit proxy = Nbdkit.start(server.directory(), "nbd", "uri=" + server.tcpUri("disk"))) {
            QemuIo.run(
                    DiskRef.nbd(proxy.uri()),
                    "write -P 0x33 1M 2M",
                    "write -f -P 0x44 0 4k",
                    "write -z 1M 64k",
                    "discard 2M 64k",
                    "flush",
                    "read -P 0x44 0 4k",
                    "read -P 0 1M 64k");

            assertThat(disk.content()[(3 << 20) - 1]).isEqualTo((byte) 0x33);
            assertThat(disk.flushes()).isPositive();
        }
    }
}
