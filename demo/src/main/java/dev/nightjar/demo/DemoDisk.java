package dev.nightjar.demo;

import dev.nightjar.testkit.Ext4Image;
import dev.nightjar.testkit.SampleFiles;
import dev.nightjar.testkit.TempDirectory;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * The disk of the demo: qcow2 with an ext4 file system, full of this machine's own files and two of a made-up application.
 *
 * @param file the qcow2 file
 * @param size its virtual size, bytes
 * @param contentBytes what its files hold, bytes
 */
record DemoDisk(Path file, long size, long contentBytes) {

    /** The application's data, which the guest changes in place. */
    static final String RECORDS = "/srv/records.db";

    /** A file the guest copies parts of. */
    static final String ARCHIVE = "/srv/archive.db";

    private static final long FILES_LIMIT = 320 * Bytes.MIB;
    private static final long RECORDS_BYTES = 64 * Bytes.MIB;
    private static final long ARCHIVE_BYTES = 16 * Bytes.MIB;

    /** Makes it; what it needs on the way is removed again. */
    static DemoDisk create(Path file, long size) {
        Path content = file.resolveSibling("content");
        try {
            Files.deleteIfExists(file);
            Files.createDirectories(content.resolve("srv"));
            writeRecords(content.resolve("srv/records.db"), RECORDS_BYTES, 1);
            writeRecords(content.resolve("srv/archive.db"), ARCHIVE_BYTES, 2);
            long gathered =
                    SampleFiles.gather(Path.of("/usr"), content.resolve("usr"), Math.min(FILES_LIMIT, size / 4));
            Ext4Image.create(file, size, content);
            return new DemoDisk(file, size, gathered + RECORDS_BYTES + ARCHIVE_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            TempDirectory.deleteTree(content);
        }
    }

    /** Lines of text with numbers in them: compresses as such data does. */
    private static void writeRecords(Path file, long bytes, long seed) throws IOException {
        Random random = new Random(seed);
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            long written = 0;
            for (long id = 0; written < bytes; id++) {
                String line = id + ";" + Long.toHexString(random.nextLong()) + ";" + random.nextInt(100_000)
                        + ";EUR;booked\n";
                writer.write(line, 0, (int) Math.min(line.length(), bytes - written));
                written += line.length();
            }
        }
    }
}
