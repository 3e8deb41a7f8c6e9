package dev.nightjar.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.Ext4Image;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.WitnessDisk;
import org.junit.jupiter.api.Test;

class DemoDiskIT {

    @Test
    void a_day_of_the_guest_changes_the_disk_and_leaves_the_file_system_clean() {
        try (TempDirectory directory = TempDirectory.create()) {
            DemoDisk disk = DemoDisk.create(directory.resolve("disk.qcow2"), Bytes.GIB);
            WitnessDisk raw = WitnessDisk.of(DiskRef.qcow2(disk.file()), directory.resolve("disk.raw"));
            assertThat(QemuImg.virtualSize(raw.disk())).isEqualTo(Bytes.GIB);
            assertThat(disk.contentBytes()).isGreaterThan(300 * Bytes.MIB);

            GuestDay day = GuestDay.plan(raw.file(), directory.path());
            raw.apply(day.all());

            assertThat(raw.compare(DiskRef.qcow2(disk.file())).identical()).isFalse();
            assertThat(Ext4Image.isClean(raw.file())).isTrue();
            assertThat(day.describe()).contains("50 overwrites", "4.0 MiB copied", "4.0 MiB discarded");
        }
    }
}
