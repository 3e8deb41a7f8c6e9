package dev.nightjar.storage.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes in the file are those that were written, whichever way they went. */
class DirectWriterTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "0, 0, 8192", // whole blocks
        "0, 0, 8193", // and a rest
        "4096, 0, 5000", // at a block
        "0, 1, 8192", // memory that is not aligned
        "512, 0, 8192", // an offset that is not
        "0, 0, 100", // less than a block
        "4096, 0, 0" // nothing
    })
    void bytesLandWhereTheyBelong(long offset, int shift, int length) throws IOException {
        byte[] content = random(length);
        ByteBuffer memory = DirectIo.allocate(shift + length);
        memory.position(shift).put(content).position(shift);
        Path file = directory.resolve("file");
        try (DirectWriter writer = writer(file)) {
            writer.write(memory, offset);
        }
        assertThat(memory.hasRemaining()).isFalse();
        assertThat(memory.limit()).isEqualTo(shift + length);
        byte[] expected = new byte[length == 0 ? 0 : (int) offset + length];
        System.arraycopy(content, 0, expected, expected.length - length, length);
        assertThat(file).hasBinaryContent(expected);
    }

    @Test
    void whereThePageCacheCannotBePassedBytesGoThroughIt() throws IOException {
        byte[] content = random(8192);
        Path file = directory.resolve("file");
        try (DirectWriter writer = writer(file)) {
            // Its second way in leads nowhere from now on.
            Path elsewhere = Files.move(file, directory.resolve("elsewhere"));
            writer.write(DirectIo.allocate(8192).put(content).flip(), 0);
            assertThat(elsewhere).hasBinaryContent(content);
        }
    }

    private static DirectWriter writer(Path file) throws IOException {
        return new DirectWriter(file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    private static byte[] random(int length) {
        byte[] content = new byte[length];
        new Random(7).nextBytes(content);
        return content;
    }
}
