package dev.nightjar.storage.blob;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes to an open file: whole blocks in aligned memory go to the disk past the page cache, everything else, and everything on a file system that does not know how to do that, goes
 * the ordinary way. Durable is none of it before the file is synced. Used by one thread at a time.
 */
public final class DirectWriter implements Closeable {

    private final Path path;
    private final FileChannel channel;
    private @Nullable FileChannel past;
    private boolean proven;
    private boolean refused;

    /** A writer to the file at {@code path} that {@code channel} has open; closes the channel with itself. */
    public DirectWriter(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Writes all bytes, from position to limit, at an offset in the file. */
    public void write(ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        int whole = bytes.remaining() - bytes.remaining() % DirectIo.ALIGNMENT;
        if (!refused && whole > 0 && isAligned(bytes, offset)) {
            int end = bytes.limit();
            bytes.limit(bytes.position() + whole);
            at = writeDirectly(bytes, at);
            bytes.limit(end);
        }
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        // Closing either of them drops a lock on the file, so both are closed only now.
        try (channel) {
            if (past != null) {
                past.close();
            }
        }
    }

    private static boolean isAligned(ByteBuffer bytes, long offset) {
        return bytes.isDirect()
                && bytes.alignmentOffset(bytes.position(), DirectIo.ALIGNMENT) == 0
                && offset % DirectIo.ALIGNMENT == 0;
    }

    // A file system may take the option and refuse the first access. What is wrong with the disk, the ordinary way
    // will tell.
    private long writeDirectly(ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining() && !refused) {
            try {
                at += pastThePageCache().write(bytes, at);
                proven = true;
            } catch (IOException | UnsupportedOperationException e) {
                if (proven) {
                    throw e;
                }
                refused = true;
            }
        }
        return at;
    }

    private FileChannel pastThePageCache() throws IOException {
        FileChannel known = past;
        if (known == null) {
            known = DirectIo.open(path);
            past = known;
        }
        return known;
    }
}
