package dev.nightjar.storage.blob;

import dev.nightjar.storage.blob.TemporaryFiles.Temporary;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A blob being written to a temporary file. Used by one thread at a time. */
final class DirectoryPendingBlob implements PendingBlob {

    private final DirectoryBlobStore store;
    private final Temporary temporary;
    private long bytes;
    private boolean finished;

    DirectoryPendingBlob(DirectoryBlobStore store, Temporary temporary) {
        this.store = store;
        this.temporary = temporary;
    }

    @Override
    public void write(ByteBuffer content) {
        requirePending();
        int length = content.remaining();
        try {
            temporary.file().write(content);
            bytes += length;
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
        }
    }

    private void requirePending() {
        if (finished) {
            throw new IllegalStateException("this blob was committed or given up already");
        }
    }
}
