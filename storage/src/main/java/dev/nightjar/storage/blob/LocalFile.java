package dev.nightjar.storage.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A new file of the operating system's. Whole blocks in aligned memory go to the disk past the page cache, where the file system knows how to do that. Used by one
 * thread at a time.
 */
final class LocalFile implements FileOperations.OpenFile {

    private final Path path;
    private final FileChannel channel;
    private @Nullable FileChannel past;
    private long written;

    LocalFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public boolean tryLock() throws IOException {
        return channel.tryLock() != null;
    }

    @Override
    public void write(ByteBuffer content) throws IOException {
        FileChannel target = isWholeBlocks(content) ? pastThePageCache() : channel;
        while (content.hasRemaining()) {
            written += target.write(content, written);
        }
    }

    @Override
    public void sync() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        // Closing either of them drops the lock, so both are closed only now.
        try (channel) {
            if (past != null) {
                past.close();
            }
        }
    }

    private boolean isWholeBlocks(ByteBuffer content) {
        return content.isDirect()
                && content.alignmentOffset(content.position(), WriteBuffers.ALIGNMENT) == 0
                && content.remaining() % WriteBuffers.ALIGNMENT == 0
                && written % WriteBuffers.ALIGNMENT == 0;
    }

    private FileChannel pastThePageCache() {
        FileChannel known = past;
        if (known == null) {
            known = openDirect();
            past = known;
        }
        return known;
    }

    private FileChannel openDirect() {
        try {
            if (DirectIo.alignment(path) == WriteBuffers.ALIGNMENT) {
                return FileChannel.open(path, StandardOpenOption.WRITE, DirectIo.OPTION);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // A file system without direct access: its page cache will do.
        }
        return channel;
    }
}
