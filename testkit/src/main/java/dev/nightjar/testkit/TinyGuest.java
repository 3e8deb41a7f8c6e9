package dev.nightjar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real guest in a real QEMU, emulated, so that it needs no virtualization: Debian's kernel and a busybox, whose only disk is what the caller attaches. It runs one script and powers
 * off. Immutable; blocking.
 *
 * @param directory for its initial file system, which is left there
 */
public record TinyGuest(Path directory) {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    /**
     * Boots with a disk of ext4, which is mounted where the script runs.
     *
     * @param disk QEMU's options that attach the disk
     * @param script of a shell
     * @return what it said on its serial console
     * @throws TestkitException if it did not come to its end
     */
    public String run(List<String> disk, String script) {
        Path initial = initialFileSystem(script);
        List<String> arguments = new ArrayList<>(List.of(
                "-accel",
                "tcg",
                "-m",
                "256",
                "-nodefaults",
                "-no-user-config",
                "-display",
                "none",
                "-serial",
                "stdio",
                "-no-reboot",
                "-kernel",
                files().resolve("vmlinuz").toString(),
                "-initrd",
                initial.toString(),
                "-append",
                "console=ttyS0 quiet panic=-1"));
        arguments.addAll(disk);
        List<String> program =
                new ArrayList<>(List.of(Tool.QEMU_SYSTEM.require().toString()));
        program.addAll(arguments);
        Command.Result result = new Command(program, LIMIT).runToEnd();
        if (result.exitCode() != 0 || !result.output().contains("GUEST ENDS")) {
            throw new TestkitException("the guest did not come to its end\n" + result);
        }
        return result.output();
    }

    /** Where the launcher puts kernel, modules and busybox. */
    private static Path files() {
        String tools = System.getenv("NIGHTJAR_TOOLS");
        String cache = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home"));
        Path base = cache == null ? home.resolve(".cache") : Path.of(cache);
        Path files = (tools == null ? base.resolve("nightjar/tools") : Path.of(tools)).resolve("guest");
        if (!Files.exists(files.resolve("complete"))) {
            throw new TestkitException("there is no guest in " + files + ": ./nightjar setup brings it");
        }
        return files;
    }

    private Path initialFileSystem(String script) {
        Path root = directory.resolve("guest");
        try {
            for (String name : List.of("bin", "dev", "mnt", "modules")) {
                Files.createDirectories(root.resolve(name));
            }
            copy(files().resolve("busybox"), root.resolve("bin/busybox"));
            try (Stream<Path> modules = Files.list(files().resolve("modules"))) {
                for (Path module : modules.toList()) {
                    copy(module, root.resolve("modules").resolve(module.getFileName()));
                }
            }
            executable(Files.writeString(root.resolve("init"), init(script)));
            Path packed = directory.resolve("guest.cpio");
            String pack = "cd '%s' && find . | ./bin/busybox cpio -o -H newc > '%s'".formatted(root, packed);
            new Command(List.of("sh", "-c", pack), LIMIT).run();
            return packed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String init(String script) {
        return """
            #!/bin/busybox sh
            /bin/busybox --install -s /bin
            mount -t devtmpfs dev /dev
            for module in /modules/*.ko; do insmod "$module"; done
            mount -t ext4 /dev/vda /mnt
            cd /mnt
            %s
            cd /
            umount /mnt
            sync
            echo GUEST ENDS
            poweroff -f
            """.formatted(script);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.deleteIfExists(to);
        Files.copy(from, to);
        executable(to);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
