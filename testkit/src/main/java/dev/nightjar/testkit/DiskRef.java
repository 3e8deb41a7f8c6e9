package dev.nightjar.testkit;

import java.nio.file.Path;

/**
 * A disk as QEMU's tools name it: a file or an NBD URI, and the format of what is in it.
 *
 * @param location a path or an NBD URI
 * @param format {@code raw} or {@code qcow2}
 */
public record DiskRef(String location, String format) {

    public static DiskRef raw(Path file) {
        return new DiskRef(file.toString(), "raw");
    }

    public static DiskRef qcow2(Path file) {
        return new DiskRef(file.toString(), "qcow2");
    }

    public static DiskRef nbd(String uri) {
        return new DiskRef(uri, "raw");
    }
}
