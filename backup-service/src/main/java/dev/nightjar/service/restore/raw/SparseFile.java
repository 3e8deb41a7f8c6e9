package dev.nightjar.service.restore.raw;

import dev.nightjar.storage.blob.DirectIo;
import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A new file as a sink: zeros are left out, which leaves holes. Whole blocks go to the disk past the page cache, where the file system knows how to do that. Used by one
 * thread at a time.
 */
final class SparseFile implements RegionSink, AutoCloseable {

    private final FileChannel channel;
    private final int alignment;
    private final @Nullable FileChannel past;

    /** Creates the file. */
    SparseFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        alignment = DirectIo.alignment(file);
        past = openDirect(file);
    }

    private static @Nullable FileChannel openDirect(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.WRITE, DirectIo.OPTION);
        } catch (IOException | UnsupportedOperationException e) {
            // A file system without direct access: its page cache will do.
            return null;
        }
    }

    @Override
    public void data(long offset, ByteBuffer bytes) throws IOException {
        long at = offset;
        int end = bytes.limit();
        if (past != null && bytes.isDirect() && isAligned(bytes, offset)) {
            bytes.limit(end - bytes.remaining() % alignment);
            at = write(past, bytes, at);
            bytes.limit(end);
        }
        write(channel, bytes, at);
    }

    private boolean isAligned(ByteBuffer bytes, long offset) {
        return offset % alignment == 0 && bytes.alignmentOffset(bytes.position(), alignment) == 0;
    }

    private static long write(FileChannel target, ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += target.write(bytes, at);
        }
        return at;
    }

    @Override
    public void zero(long offset, long length) {
        // What was never written reads as zero.
    }

    /** Gives the file its length and makes it durable. */
    void finish(long length) throws IOException {
        // A disk that ends in zeros ends in a hole: its last byte is written if nothing reached that far.
        if (channel.size() < length) {
            channel.write(ByteBuffer.allocate(1), length - 1);
        }
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (past != null) {
                past.close();
            }
        }
    }
}
