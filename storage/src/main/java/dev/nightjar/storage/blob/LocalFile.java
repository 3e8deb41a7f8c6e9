package dev.nightjar.storage.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A new file of the operating system's. Used by one thread at a time. */
final class LocalFile implements FileOperations.OpenFile {

    private final FileChannel channel;
    private final DirectWriter writer;
    private long written;

    LocalFile(Path path, FileChannel channel) {
        this.channel = channel;
        this.writer = new DirectWriter(path, channel);
    }

    @Override
    public boolean tryLock() throws IOException {
        return channel.tryLock() != null;
    }

    @Override
    public void write(ByteBuffer content) throws IOException {
        int length = content.remaining();
        writer.write(content, written);
        written += length;
    }

    @Override
    public void sync() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
