package dev.nightjar.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An external program that the testkit starts, and the Debian package that brings it. */
public enum Tool {
    QEMU_IMG("qemu-img", "qemu-utils (8.2 or newer: bookworm-backports)"),
    QEMU_IO("qemu-io", "qemu-utils (8.2 or newer: bookworm-backports)"),
    QEMU_NBD("qemu-nbd", "qemu-utils (8.2 or newer: bookworm-backports)"),
    QEMU_STORAGE_DAEMON("qemu-storage-daemon", "qemu-utils (8.2 or newer: bookworm-backports)"),
    QEMU_SYSTEM("qemu-system-x86_64", "qemu-system-x86 (8.2 or newer: bookworm-backports)"),
    NBDKIT("nbdkit", "nbdkit"),
    NBDINFO("nbdinfo", "libnbd-bin"),
    NBDCOPY("nbdcopy", "libnbd-bin"),
    MKE2FS("mke2fs", "e2fsprogs"),
    E2FSCK("e2fsck", "e2fsprogs"),
    DEBUGFS("debugfs", "e2fsprogs"),
    BORG("borg", "borgbackup"),
    RESTIC("restic", "restic"),
    NPM("npm", "npm (with nodejs 20.19 or newer)"),
    CHROMIUM("chromium", "chromium");

    /** Directories of an ordinary user's PATH miss the ones where mke2fs lives. */
    private static final List<String> ALSO_SEARCHED = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    private final String program;
    private final String debianPackage;

    Tool(String program, String debianPackage) {
        this.program = program;
        this.debianPackage = debianPackage;
    }

    public String program() {
        return program;
    }

    /** Where the program is, or empty if this machine does not have it. */
    public Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator, -1)), ALSO_SEARCHED.stream())
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Where the program is.
     *
     * @throws TestkitException naming the Debian package, if the program is missing
     */
    public Path require() {
        return find().orElseThrow(() -> new TestkitException(
                program + " is not installed. Debian package: " + debianPackage + ". ./nightjar test installs it."));
    }
}
