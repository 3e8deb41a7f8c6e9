package dev.nightjar.bench;

import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Random;

/**
 * A raw disk of 16 GiB with an ext4 that holds 4 GiB of this machine's own files, made without mounting anything.
 *
 * @param raw the sparse file
 * @param data what it has that is not known to be zero
 */
record RealDisk(Path raw, List<QemuImg.MapEntry> data) {

    private static final long SIZE = 16L << 30;
    private static final long FILES = 4L << 30;
    private static final int BLOCK = 4096;
    private static final List<Path> SOURCES = List.of(Path.of("/usr"), Path.of("/opt"));

    static RealDisk create(Path directory) {
        Path tree = directory.resolve("tree");
        Path raw = directory.resolve("disk.raw");
        try {
            Gathering gathering = new Gathering(Files.createDirectory(tree));
            for (Path source : SOURCES) {
                Files.walkFileTree(source, gathering);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Command.of(Tool.MKE2FS, "-q", "-F", "-t", "ext4", "-d", tree.toString(), raw.toString(), SIZE / 1024 + "k")
                .run();
        TempDirectory.deleteTree(tree);
        return of(raw);
    }

    /** A disk that is there. */
    static RealDisk of(Path raw) {
        return new RealDisk(
                raw,
                QemuImg.map(DiskRef.raw(raw)).stream()
                        .filter(entry -> !entry.zero())
                        .toList());
    }

    /** Bytes that have to be read. */
    long bytes() {
        return data.stream().mapToLong(QemuImg.MapEntry::length).sum();
    }

    /** A copy with one in a hundred of its blocks overwritten, here and there. */
    RealDisk overwritten(Path copy, long seed) {
        QemuImg.convert(DiskRef.raw(raw), DiskRef.raw(copy));
        Random random = new Random(seed);
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            for (QemuImg.MapEntry extent : data) {
                for (long at = extent.start(); at + BLOCK <= extent.start() + extent.length(); at += BLOCK) {
                    if (random.nextInt(100) == 0) {
                        random.nextBytes(block.array());
                        channel.write(block.clear(), at);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(copy);
    }

    /** Files of this machine, linked or copied into one tree until there is enough of them. */
    private static final class Gathering extends SimpleFileVisitor<Path> {

        private final Path tree;
        private long bytes;
        private int directories;

        Gathering(Path tree) {
            this.tree = tree;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (bytes >= FILES) {
                return FileVisitResult.TERMINATE;
            }
            Files.createDirectory(tree.resolve("d" + ++directories));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isRegularFile() && Files.isReadable(file) && bytes + attributes.size() <= FILES) {
                Path target = tree.resolve("d" + directories).resolve(String.valueOf(file.getFileName()));
                place(file, target);
                bytes += attributes.size();
            }
            return FileVisitResult.CONTINUE;
        }

        private static void place(Path file, Path target) throws IOException {
            if (Files.exists(target)) {
                return;
            }
            try {
                Files.createLink(target, file);
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(file, target);
            }
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) {
            return FileVisitResult.CONTINUE;
        }
    }
}
