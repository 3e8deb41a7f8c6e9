package dev.nightjar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Random;

/** Fills a directory with files: real ones of this machine, or made ones where a test has to be small. */
public final class SampleFiles {

    private SampleFiles() {}

    /** Files made from a seed: half of each compresses well, half not at all. */
    public static void write(Path directory, long seed, int files, int bytesEach) {
        Random random = new Random(seed);
        try {
            Files.createDirectories(directory);
            for (int i = 0; i < files; i++) {
                byte[] content = new byte[bytesEach];
                random.nextBytes(content);
                Arrays.fill(content, 0, bytesEach / 2, (byte) ('a' + i % 26));
                Files.write(directory.resolve("file-" + i), content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Copies regular files below a root until the limit is reached; directories in the order the file system lists them.
     * Links, devices and what cannot be read are passed over, and small files beyond the first few hundred: tens of thousands of
     * them take minutes to copy and delete, and add few bytes.
     *
     * @return the number of bytes copied
     */
    public static long gather(Path from, Path into, long limitBytes) {
        Gathering gathering = new Gathering(from, into, limitBytes);
        try {
            Files.walkFileTree(from, gathering);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return gathering.bytes;
    }

    private static final class Gathering extends SimpleFileVisitor<Path> {

        private static final long SMALL = 32_768;
        private static final int SMALL_FILES_LIMIT = 400;

        private final Path from;
        private final Path into;
        private final long limit;
        private long bytes;
        private int smallFiles;

        Gathering(Path from, Path into, long limit) {
            this.from = from;
            this.into = into;
            this.limit = limit;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (!attributes.isRegularFile() || !Files.isReadable(file) || oneSmallTooMany(attributes)) {
                return FileVisitResult.CONTINUE;
            }
            Path target = into.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
            bytes += attributes.size();
            return bytes >= limit ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        private boolean oneSmallTooMany(BasicFileAttributes attributes) {
            return attributes.size() < SMALL && ++smallFiles > SMALL_FILES_LIMIT;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) {
            return FileVisitResult.CONTINUE;
        }
    }
}
