package dev.nightjar.nbd.client;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuIo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A qcow2 disk of 64 MiB with data, zeros, holes and two dirty bitmaps, and the same content as a raw file.
 *
 * @param raw as qemu-img sees it
 */
record SampleDisk(Path qcow2, Path raw) {

    static final int SIZE = 64 << 20;
    static final String EARLY = "early";
    static final String LATE = "late";

    static SampleDisk create(Path directory) {
        Path file = directory.resolve("sample.qcow2");
        DiskRef disk = DiskRef.qcow2(file);
        QemuImg.create(disk, SIZE);
        QemuIo.run(disk, "write -P 0x11 0 3M", "write -P 0x22 5M 64k", "write -P 0x33 20M 7M");
        QemuImg.addBitmap(file, EARLY, 65536);
        QemuIo.run(disk, "write -P 0x44 1M 192k", "write -z 21M 1M", "write -z -u 23M 512k", "write -P 0x55 63M 1M");
        QemuImg.addBitmap(file, LATE, 4096);
        QemuIo.run(disk, "write -P 0x66 40M 4k", "write -P 0x77 2M 12k", "discard 24M 1M");
        Path raw = directory.resolve("sample.raw");
        QemuImg.convert(disk, DiskRef.raw(raw));
        return new SampleDisk(file, raw);
    }

    byte[] content() {
        try {
            return Files.readAllBytes(raw);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DiskRef disk() {
        return DiskRef.qcow2(qcow2);
    }
}
