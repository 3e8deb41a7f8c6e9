package dev.nightjar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes disks with a real ext4 file system full of files, without mounting and without being root. */
public final class Ext4Image {

    private Ext4Image() {}

    /**
     * Creates a qcow2 disk whose ext4 holds what the directory holds.
     *
     * @param size of the disk, bytes
     */
    public static void create(Path qcow2, long size, Path content) {
        Path raw = qcow2.resolveSibling(qcow2.getFileName() + ".mke2fs");
        try {
            Command.of(
                            Tool.MKE2FS,
                            "-q",
                            "-F",
                            "-t",
                            "ext4",
                            "-E",
                            "root_owner=0:0",
                            "-d",
                            content.toString(),
                            raw.toString(),
                            size / 1024 + "k")
                    .run();
            QemuImg.convert(DiskRef.raw(raw), DiskRef.qcow2(qcow2));
        } finally {
            delete(raw);
        }
    }

    private static void delete(Path raw) {
        try {
            Files.deleteIfExists(raw);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
