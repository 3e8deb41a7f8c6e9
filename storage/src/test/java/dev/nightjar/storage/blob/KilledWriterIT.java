package dev.nightjar.storage.blob;

import static dev.nightjar.storage.blob.BlobStoreContract.bytes;
import static dev.nightjar.storage.blob.BlobStoreContract.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes. */
class KilledWriterIT {

    @TempDir
    Path directory;

    /** The process: commits one blob, begins another, says so, and waits to be killed. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            BlobStore store = DirectoryBlobStore.create(Path.of(arguments[0]));
            store.putIfAbsent("config", bytes("hello"));
            PendingBlob blob = store.create();
            blob.write(bytes("half of a pack"));
            System.out.println("writing");
            System.out.flush();
            System.in.read();
            blob.abort();
        }
    }

    @Test
    void whatItCommittedStaysAndWhatItBeganIsSweptOnlyWhenItIsDead() throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said = writer.inputReader()) {
            assertThat(said.lines().anyMatch("writing"::equals)).isTrue();
            BlobStore beside = DirectoryBlobStore.open(directory);
            assertThat(temporaryFiles()).as("another process uses it").hasSize(1);
            assertThat(beside.exists("config")).isTrue();
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertThat(temporaryFiles()).hasSize(1);
        BlobStore store = DirectoryBlobStore.open(directory);
        assertThat(temporaryFiles()).isEmpty();
        assertThat(text(store.read("config", 0, 5))).isEqualTo("hello");
        try (Stream<BlobInfo> blobs = store.list("")) {
            assertThat(blobs).containsExactly(new BlobInfo("config", 5));
        }
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("tmp"))) {
            return files.toList();
        }
    }
}
