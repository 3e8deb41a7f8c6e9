package dev.nightjar.service.restore.raw;

import dev.nightjar.storage.blob.DirectWriter;
import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new file as a sink: zeros are left out, which leaves holes. Used by one thread at a time. */
final class SparseFile implements RegionSink, AutoCloseable {

    private final FileChannel channel;
    private final DirectWriter writer;

    /** Creates the file. */
    SparseFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        writer = new DirectWriter(file, channel);
    }

    @Override
    public void data(long offset, ByteBuffer bytes) throws IOException {
        writer.write(bytes, offset);
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
        writer.close();
    }
}
