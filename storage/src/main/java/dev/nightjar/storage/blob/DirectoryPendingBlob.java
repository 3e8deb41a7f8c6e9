package dev.nightjar.storage.blob;

import dev.nightjar.storage.blob.TemporaryFiles.Temporary;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A blob being written to a temporary file. What is written is gathered and goes to the file a buffer at a time, so what the file system refuses may show only at a
 * later write or at the commit. Used by one thread at a time.
 */
final class DirectoryPendingBlob implements PendingBlob {

    private final DirectoryBlobStore store;
    private final Temporary temporary;
    private @Nullable ByteBuffer gathered;
    private long bytes;
    private boolean finished;

    DirectoryPendingBlob(DirectoryBlobStore store, Temporary temporary) {
        this.store = store;
        this.temporary = temporary;
    }

    @Override
    public void write(ByteBuffer content) {
        requirePending();
        try {
            while (content.hasRemaining()) {
                gather(content);
            }
        } catch (IOException e) {
            abort();
            throw store.failure().writing("a temporary file", e);
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public StoredBlob commit(String name) {
        BlobName.requireValid(name);
        requirePending();
        try {
            drain();
            temporary.file().sync();
            boolean created = store.publish(temporary.path(), name);
            return new StoredBlob(name, bytes, created);
        } catch (IOException e) {
            throw store.failure().writing(name, e);
        } finally {
            // Whatever happened: after a failed fsync the kernel may have dropped the pages and would call the next one
            // a success.
            abort();
        }
    }

    @Override
    public void abort() {
        if (!finished) {
            finished = true;
            store.discard(temporary);
            if (gathered != null) {
                store.buffers().giveBack(gathered);
                gathered = null;
            }
        }
    }

    private void gather(ByteBuffer content) throws IOException {
        ByteBuffer buffer = gathered == null ? store.buffers().take() : gathered;
        gathered = buffer;
        int length = Math.min(buffer.remaining(), content.remaining());
        buffer.put(content.slice(content.position(), length));
        content.position(content.position() + length);
        bytes += length;
        if (!buffer.hasRemaining()) {
            drain();
        }
    }

    private void drain() throws IOException {
        if (gathered != null) {
            temporary.file().write(gathered.flip());
            gathered.clear();
        }
    }

    private void requirePending() {
        if (finished) {
            throw new IllegalStateException("this blob was committed or given up already");
        }
    }
}
