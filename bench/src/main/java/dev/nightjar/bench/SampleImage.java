package dev.nightjar.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Raw images without a hole, whose chunks all differ and shrink to about a half when compressed. */
final class SampleImage {

    private static final int PIECE = 4 << 20;

    private SampleImage() {}

    static Path create(Path file, long size) {
        Random random = new Random(size);
        byte[] bytes = new byte[PIECE];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long done = 0; done < size; done += PIECE) {
                random.nextBytes(bytes);
                for (int half = 2048; half < PIECE; half += 4096) {
                    System.arraycopy(bytes, half - 2048, bytes, half, 2048);
                }
                ByteBuffer piece = ByteBuffer.wrap(bytes, 0, (int) Math.min(PIECE, size - done));
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
