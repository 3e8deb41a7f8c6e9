package dev.nightjar.testkit;

import java.nio.file.Path;
import java.util.List;

/**
 * A raw copy of a disk that QEMU's own tools made, without any code of Nightjar: what a restored disk is compared with.
 *
 * @param file the raw copy
 */
public record WitnessDisk(Path file) {

    /** Copies what the disk holds now; nothing may write to it meanwhile. */
    public static WitnessDisk of(DiskRef disk, Path target) {
        QemuImg.convert(disk, DiskRef.raw(target));
        return new WitnessDisk(target);
    }

    public DiskRef disk() {
        return DiskRef.raw(file);
    }

    /** Does to the copy what the guest did to its disk. */
    public void apply(List<GuestWrite> writes) {
        new GuestWriter(disk()).apply(writes);
    }

    /** Compares content and size by {@code qemu-img compare}. */
    public QemuImg.Comparison compare(DiskRef other) {
        return QemuImg.compare(disk(), other);
    }
}
