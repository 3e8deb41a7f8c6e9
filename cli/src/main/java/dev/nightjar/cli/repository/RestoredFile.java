package dev.nightjar.cli.repository;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.cli.FileFailures;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that appears under its name when it is whole and durable, or not at all. A failure leaves nothing; a crash may leave {@code .FILE-….partial} beside it.
 *
 * @param writtenBytes what of it is not a hole
 */
record RestoredFile(long writtenBytes) {

    /**
     * Makes sure that nothing is overwritten, before anything long is begun.
     *
     * @throws CommandFailure FILE_ERROR
     */
    static void requireAbsent(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CommandFailure(
                    CommandErrorCode.FILE_ERROR,
                    file + " exists already",
                    "Name a file that does not; nothing is ever overwritten.");
        }
    }

    /**
     * Writes a disk.
     *
     * @throws CommandFailure FILE_ERROR
     */
    static RestoredFile write(Path file, RecoveryPointReader disk, ProgressBars progress) {
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.resolveSibling("");
        try {
            Path partial = Files.createTempFile(directory, "." + absolute.getFileName() + "-", ".partial");
            // Also if the process is told to end.
            partial.toFile().deleteOnExit();
            try {
                long written = fill(partial, disk, progress);
                Files.move(partial, absolute);
                sync(directory);
                return new RestoredFile(written);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(
                    CommandErrorCode.FILE_ERROR,
                    file + " was made by somebody else meanwhile",
                    "Name another file; nothing is ever overwritten.",
                    e);
        } catch (IOException e) {
            throw FileFailures.of("write", file, e);
        }
    }

    private static long fill(Path partial, RecoveryPointReader disk, ProgressBars progress) throws IOException {
        try (RandomAccessFile whole = new RandomAccessFile(partial.toFile(), "rw")) {
            // The size at once, and without content: what is not written is a hole.
            whole.setLength(disk.size());
        }
        try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            Sink sink = new Sink(channel, disk.size(), progress);
            disk.regions(0, disk.size(), sink);
            channel.force(true);
            return sink.written;
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static final class Sink implements RegionSink {

        private final FileChannel channel;
        private final long size;
        private final ProgressBars progress;
        private long written;

        Sink(FileChannel channel, long size, ProgressBars progress) {
            this.channel = channel;
            this.size = size;
            this.progress = progress;
        }

        @Override
        public void data(long offset, ByteBuffer bytes) throws IOException {
            written += bytes.remaining();
            long at = offset;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            progress.bytes("restoring", at, size);
        }

        @Override
        public void zero(long offset, long length) {
            progress.bytes("restoring", offset + length, size);
        }
    }
}
