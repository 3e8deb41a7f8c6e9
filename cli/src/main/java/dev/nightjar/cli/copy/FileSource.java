package dev.nightjar.cli.copy;

import dev.nightjar.cli.FileFailures;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

/** A file or a block device. Reads happen in the caller's thread: the operating system reads ahead. */
final class FileSource implements CopySource {

    private static final int MAXIMUM_READ = 32 << 20;

    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final boolean extents;

    private FileSource(Path file, FileChannel channel, long size, boolean extents) {
        this.file = file;
        this.channel = channel;
        this.size = size;
        this.extents = extents;
    }

    /**
     * Opens it.
     *
     * @param extents whether to ask the file system for holes
     */
    static FileSource open(Path file, boolean extents) {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException("it is a directory");
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            return new FileSource(file, channel, channel.size(), extents && Files.isRegularFile(file));
        } catch (IOException e) {
            throw FileFailures.of("read", file, e);
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long minimumBlock() {
        return 1;
    }

    @Override
    public int maximumRead() {
        return MAXIMUM_READ;
    }

    @Override
    public void walk(Pieces sink) {
        if (size == 0) {
            return;
        }
        if (!extents) {
            sink.piece(0, size, false);
            return;
        }
        try (FileHoles holes = FileHoles.open(file)) {
            for (long at = 0; at < size; ) {
                long data = Math.min(holes.nextData(at, size), size);
                if (data > at) {
                    sink.piece(at, data - at, true);
                }
                long hole = data == size ? size : Math.min(holes.nextHole(data, size), size);
                if (hole > data) {
                    sink.piece(data, hole - data, false);
                }
                at = hole;
            }
        }
    }

    @Override
    public CompletableFuture<ByteBuf> read(long offset, int length) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
        try {
            while (buffer.isWritable()) {
                if (buffer.writeBytes(channel, offset + buffer.readableBytes(), buffer.writableBytes()) < 0) {
                    throw new EOFException("it became shorter while it was read");
                }
            }
            return CompletableFuture.completedFuture(buffer);
        } catch (IOException e) {
            buffer.release();
            return CompletableFuture.failedFuture(FileFailures.of("read", file, e));
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
