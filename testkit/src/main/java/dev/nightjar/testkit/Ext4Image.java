package dev.nightjar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    /**
     * Where a file's content lies on the disk.
     *
     * @param raw a raw image that nobody writes to
     * @param path of a file in the image's file system, for example {@code /srv/records.db}
     * @return ranges in bytes, in the file's order, neighbours joined; none if the file is all holes
     */
    public static List<Range> extents(Path raw, String path) {
        String said =
                Command.of(Tool.DEBUGFS, "-R", "blocks " + path, raw.toString()).run();
        long blockSize = blockSize(raw);
        List<Range> ranges = new ArrayList<>();
        List<String> blocks = said.isBlank() ? List.of() : List.of(said.strip().split("\\s+", -1));
        for (String block : blocks) {
            long start = Long.parseLong(block) * blockSize;
            if (!ranges.isEmpty() && ranges.getLast().end() == start) {
                ranges.set(ranges.size() - 1, new Range(ranges.getLast().start(), start + blockSize));
            } else {
                ranges.add(new Range(start, start + blockSize));
            }
        }
        return ranges;
    }

    private static long blockSize(Path raw) {
        String said = Command.of(Tool.DEBUGFS, "-R", "stats -h", raw.toString()).run();
        return said.lines()
                .filter(line -> line.startsWith("Block size:"))
                .map(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow(() -> new TestkitException("no ext4 in " + raw + ": " + said));
    }

    /**
     * The text of a small file.
     *
     * @param raw a raw image that nobody writes to
     * @param path of a file in the image's file system
     * @return empty if there is none
     */
    public static String text(Path raw, String path) {
        return Command.of(Tool.DEBUGFS, "-R", "cat " + path, raw.toString()).run();
    }

    /** Whether {@code e2fsck} finds nothing wrong with the file system in a raw image; it does not repair. */
    public static boolean isClean(Path raw) {
        return Command.of(Tool.E2FSCK, "-f", "-n", raw.toString()).runToEnd().exitCode() == 0;
    }

    /** Bytes {@code [start, end)} of a disk. */
    public record Range(long start, long end) {

        public long length() {
            return end - start;
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
