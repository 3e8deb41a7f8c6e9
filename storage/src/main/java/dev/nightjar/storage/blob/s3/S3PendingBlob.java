package dev.nightjar.storage.blob.s3;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobName;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.blob.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A blob that is gathered in a file and uploaded as a whole. Used by one thread at a time. */
final class S3PendingBlob implements PendingBlob {

    private final S3BlobStore store;
    private final Path file;
    private final FileChannel channel;
    private long bytes;
    private boolean finished;

    private S3PendingBlob(S3BlobStore store, Path file, FileChannel channel) {
        this.store = store;
        this.file = file;
        this.channel = channel;
    }

    static S3PendingBlob begin(S3BlobStore store, Path spool) {
        try {
            Path file = Files.createTempFile(spool, "upload-", ".part");
            return new S3PendingBlob(store, file, FileChannel.open(file, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw spoolFailed(spool, e);
        }
    }

    @Override
    public void write(ByteBuffer content) {
        requirePending();
        int length = content.remaining();
        try {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            bytes += length;
        } catch (IOException e) {
            abort();
            throw spoolFailed(file, e);
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
            return new StoredBlob(name, bytes, store.upload(name, file));
        } finally {
            abort();
        }
    }

    @Override
    public void abort() {
        if (finished) {
            return;
        }
        finished = true;
        try (channel) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The spool is emptied when the next process begins with it.
        }
    }

    private void requirePending() {
        if (finished) {
            throw new IllegalStateException("this blob was committed or given up already");
        }
    }

    static StorageException spoolFailed(Path where, IOException e) {
        return new StorageException(
                StorageErrorCode.REPOSITORY_NOT_WRITABLE,
                "cannot spool an upload in " + where + ": " + e,
                "Make room there, or look into the kernel's log for errors of the device.",
                e);
    }
}
