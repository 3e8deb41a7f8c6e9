package dev.nightjar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeersIT {

    private static final long MIB = 1 << 20;

    private TempDirectory directory;

    @BeforeEach
    void create() {
        directory = TempDirectory.create();
    }

    @AfterEach
    void delete() {
        directory.close();
    }

    @Test
    void qemu_nbd_offers_a_persistent_bitmap_that_its_own_client_can_read() {
        Path disk = directory.resolve("disk.qcow2");
        QemuImg.create(DiskRef.qcow2(disk), 16 * MIB);
        QemuImg.addBitmap(disk, "b0", 65_536);
        new GuestWriter(DiskRef.qcow2(disk)).overwrite(3 * MIB, 65_536, 1);

        assertThat(QemuImg.bitmaps(disk)).containsExactly("b0");
        try (QemuNbd server = QemuNbd.serving(DiskRef.qcow2(disk))
                .bitmap("b0")
                .allocationDepth()
                .start(directory.path())) {
            Path socket = ((Endpoint.Unix) server.endpoint()).socket();
            assertThat(QemuImg.dirtyExtents(socket, "", "qemu:dirty-bitmap:b0"))
                    .extracting(QemuImg.MapEntry::start, QemuImg.MapEntry::length)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple(3 * MIB, 65_536L));
        }
    }

    @Test
    void qemu_nbd_serves_over_tcp_and_can_be_written() {
        Path disk = directory.resolve("disk.raw");
        QemuImg.create(DiskRef.raw(disk), 4 * MIB);
        try (QemuNbd server = QemuNbd.serving(DiskRef.raw(disk))
                .writable()
                .tcp()
                .export("vda")
                .start(directory.path())) {
            assertThat(server.uri()).startsWith("nbd://127.0.0.1:").endsWith("/vda");
            new GuestWriter(DiskRef.nbd(server.uri())).fill(MIB, MIB, 0x5a);
        }
        assertThat(QemuIo.run(DiskRef.raw(disk), "read -P 0x5a 1M 1M")).contains("read 1048576/1048576");
        assertThatThrownBy(() -> QemuIo.run(DiskRef.raw(disk), "read -P 0x5a 0 1M"))
                .isInstanceOf(TestkitException.class);
    }

    @Test
    void nbdkit_serves_with_filters() {
        try (Nbdkit server = Nbdkit.start(directory.path(), "--filter=log", "pattern", "1M", "logfile=/dev/null")) {
            assertThat(QemuImg.virtualSize(DiskRef.nbd(server.uri()))).isEqualTo(MIB);
        }
    }

    @Test
    void a_witness_follows_what_the_guest_of_a_live_machine_does() {
        Path file = directory.resolve("disk.qcow2");
        SampleFiles.write(directory.directory("content"), 42, 8, 300_000);
        Ext4Image.create(file, 64 * MIB, directory.resolve("content"));
        List<GuestWrite> writes = List.of(
                new GuestWrite.Overwrite(MIB, 200_704, 7),
                new GuestWrite.Discard(2 * MIB, MIB),
                new GuestWrite.WriteZeroes(MIB + 512, 1024),
                new GuestWrite.Fill(60 * MIB, 4096, 9));

        try (StorageDaemon machine = StorageDaemon.start(directory.path())) {
            StorageDaemon.LiveDisk disk = machine.addDisk("vda", file);
            WitnessDisk before = disk.witness(directory.resolve("before.raw"));
            WitnessDisk replayed = disk.witness(directory.resolve("replayed.raw"));
            disk.writer().apply(writes);
            WitnessDisk after = disk.witness(directory.resolve("after.raw"));
            replayed.apply(writes);

            assertThat(replayed.compare(after.disk()).identical()).isTrue();
            assertThat(before.compare(after.disk()).identical()).isFalse();
            assertThat(machine.nodes()).contains("vda", "vda-file");
            assertThat(machine.exports()).containsExactly("guest-vda");
            assertThat(machine.jobs()).isEmpty();
        }
    }

    @Test
    void a_file_can_be_changed_where_it_lies_and_the_file_system_stays_clean() {
        Path file = directory.resolve("disk.qcow2");
        Path raw = directory.resolve("disk.raw");
        SampleFiles.write(directory.directory("content"), 42, 4, 300_000);
        Ext4Image.create(file, 64 * MIB, directory.resolve("content"));
        QemuImg.convert(DiskRef.qcow2(file), DiskRef.raw(raw));
        List<Ext4Image.Range> ranges = Ext4Image.extents(raw, "/file-2");

        assertThat(ranges.stream().mapToLong(Ext4Image.Range::length).sum()).isEqualTo(293 * 1024);
        new GuestWriter(DiskRef.raw(raw)).overwrite(ranges.getFirst().start(), 4096, 3);
        assertThat(Ext4Image.isClean(raw)).isTrue();
        new GuestWriter(DiskRef.raw(raw)).fill(0, MIB, 0xff);
        assertThat(Ext4Image.isClean(raw)).isFalse();
    }

    @Test
    void bitmaps_survive_a_clean_end_of_the_machine_and_not_a_kill() {
        Path file = directory.resolve("disk.qcow2");
        QemuImg.create(DiskRef.qcow2(file), 16 * MIB);
        try (StorageDaemon machine = StorageDaemon.start(directory.path())) {
            machine.addDisk("vda", file);
            machine.addBitmap("vda", "kept", true);
            assertThat(machine.bitmapNames("vda")).containsExactly("kept");
        }
        assertThat(QemuImg.bitmaps(file)).containsExactly("kept");
        StorageDaemon second = StorageDaemon.start(directory.path());
        second.addDisk("vda", file);
        second.addBitmap("vda", "lost", true);
        second.kill();
        try (StorageDaemon third = StorageDaemon.start(directory.path())) {
            third.addDisk("vda", file);
            assertThat(third.bitmaps("vda")).singleElement().satisfies(bitmap -> {
                assertThat(bitmap.path("name").asString()).isEqualTo("kept");
                assertThat(bitmap.path("inconsistent").asBoolean()).isTrue();
            });
        }
    }

    @Test
    void a_slow_disk_can_be_made_fast_again() {
        Path file = directory.resolve("disk.qcow2");
        QemuImg.create(DiskRef.qcow2(file), 16 * MIB);
        new GuestWriter(DiskRef.qcow2(file)).overwrite(0, 4 * MIB, 5);
        try (StorageDaemon machine = StorageDaemon.start(directory.path())) {
            StorageDaemon.LiveDisk disk = machine.addSlowDisk("vda", file, 2 * MIB);
            long slow = millisToRead(disk);
            machine.readSpeed(disk, 0);
            long fast = millisToRead(disk);
            assertThat(slow).isGreaterThan(1000).isGreaterThan(4 * fast);
        }
    }

    private static long millisToRead(StorageDaemon.LiveDisk disk) {
        long began = System.nanoTime();
        QemuIo.run(disk.guest(), Collections.nCopies(8, "read -q 0 512k"));
        return (System.nanoTime() - began) / 1_000_000;
    }

    @Test
    void a_disk_that_is_longer_is_not_identical_even_if_the_rest_is_zero() {
        DiskRef one = DiskRef.raw(directory.resolve("one.raw"));
        DiskRef other = DiskRef.raw(directory.resolve("other.raw"));
        QemuImg.create(one, MIB);
        QemuImg.create(other, 2 * MIB);
        assertThat(QemuImg.compare(one, other).identical()).isFalse();
    }
}
