package dev.nightjar.service.restore.raw;

import dev.nightjar.storage.recover.RegionSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A new file as a sink: zeros are left out, which leaves holes. */
final class SparseFile implements RegionSink {

    private final FileChannel channel;

    SparseFile(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public void data(long offset, ByteBuffer bytes) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    @Override
    public void zero(long offset, long length) {
        // What was never written reads as zero.
    }
}
