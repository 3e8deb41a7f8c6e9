package dev.nightjar.cli.copy;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.cli.FileFailures;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file or a block device. A file is emptied first, so that zeros are holes and cost nothing; a device is overwritten, zeros
 * included. After a failure it holds a part of the disk.
 */
final class FileTarget implements CopyTarget {

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();

    /** Writes to one file wait for each other; a second thread keeps it busy while the first fetches. */
    private static final int FILE_WRITERS = 2;

    private final Path file;
    private final FileChannel channel;
    private final boolean device;

    private FileTarget(Path file, FileChannel channel, boolean device) {
        this.file = file;
        this.channel = channel;
        this.device = device;
    }

    static FileTarget open(Path file) {
        try {
            boolean device = Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
            FileChannel channel = device
                    ? FileChannel.open(file, StandardOpenOption.WRITE)
                    : FileChannel.open(
                            file,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING);
            return new FileTarget(file, channel, device);
        } catch (IOException e) {
            throw FileFailures.of("write", file, e);
        }
    }

    @Override
    public int writers(int requests) {
        return Math.min(FILE_WRITERS, requests);
    }

    @Override
    public boolean prefersZeros() {
        return !device;
    }

    @Override
    public long minimumBlock() {
        return 1;
    }

    @Override
    public void begin(long size) {
        try {
            if (device) {
                checkRoom(size);
            } else if (size > 0) {
                // The size at once, without content: a byte at the end would no longer be a hole.
                setLength(size);
            }
        } catch (IOException e) {
            throw FileFailures.of("write", file, e);
        }
    }

    private void checkRoom(long size) throws IOException {
        if (channel.size() < size) {
            throw new CommandFailure(
                    CommandErrorCode.TARGET_TOO_SMALL,
                    "%s has %d bytes, and %d are to be copied".formatted(file, channel.size(), size),
                    "Copy to a larger device, or to a file.");
        }
    }

    private void setLength(long size) throws IOException {
        try (java.io.RandomAccessFile whole = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            whole.setLength(size);
        }
    }

    @Override
    public void write(long offset, ByteBuf data) {
        write(offset, data.nioBuffer());
    }

    @Override
    public void zero(long offset, long length) {
        if (device) {
            for (long done = 0; done < length; done += ZEROS.capacity()) {
                write(offset + done, ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), length - done)));
            }
        }
    }

    private void write(long offset, ByteBuffer bytes) {
        try {
            for (long at = offset; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            throw FileFailures.of("write", file, e);
        }
    }

    @Override
    public void flush() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw FileFailures.of("flush", file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw FileFailures.of("close", file, e);
        }
    }
}
