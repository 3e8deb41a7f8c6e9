package dev.nightjar.storage.blob;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** Blobs in memory, for tests that change single bytes of them. Passes the suite of all stores. */
public final class MemoryBlobStore implements BlobStore {

    private final NavigableMap<String, byte[]> blobs = new ConcurrentSkipListMap<>();

    /** The bytes of a blob, for looking at. */
    public byte[] get(String name) {
        return find(name).clone();
    }

    /** Another one with the same blobs. */
    public MemoryBlobStore copy() {
        MemoryBlobStore copy = new MemoryBlobStore();
        copy.blobs.putAll(blobs);
        return copy;
    }

    /** Puts other bytes in place of a blob's, as a failing disk would. */
    public void corrupt(String name, byte[] content) {
        blobs.put(name, content.clone());
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public boolean putIfAbsent(String name, ByteBuffer content) {
        BlobName.requireValid(name);
        requireAtMost(content.remaining());
        byte[] copy = new byte[content.remaining()];
        content.duplicate().get(copy);
        return blobs.putIfAbsent(name, copy) == null;
    }

    @Override
    public PendingBlob create() {
        return new Pending();
    }

    @Override
    public ByteBuffer read(String name, long offset, int length) {
        requireAtMost(length);
        byte[] blob = find(name);
        if (offset < 0 || offset > blob.length || length > blob.length - offset) {
            throw new StorageException(StorageErrorCode.DATA_DAMAGED, name + " is too short", "Test.");
        }
        return ByteBuffer.allocate(length).put(blob, (int) offset, length).flip();
    }

    @Override
    public long size(String name) {
        return find(name).length;
    }

    @Override
    public boolean exists(String name) {
        return blobs.containsKey(BlobName.requireValid(name));
    }

    @Override
    public Stream<BlobInfo> list(String prefix) {
        BlobName.requireValidPrefix(prefix);
        return blobs.entrySet().stream()
                .filter(blob -> blob.getKey().startsWith(prefix))
                .map(blob -> new BlobInfo(blob.getKey(), blob.getValue().length));
    }

    @Override
    public void delete(String name) {
        blobs.remove(BlobName.requireValid(name));
    }

    @Override
    public boolean move(String name, String to) {
        byte[] blob = find(name);
        boolean free = blobs.putIfAbsent(BlobName.requireValid(to), blob) == null;
        if (free) {
            blobs.remove(name);
        }
        return free;
    }

    private byte[] find(String name) {
        byte[] blob = blobs.get(BlobName.requireValid(name));
        if (blob == null) {
            throw new StorageException(StorageErrorCode.BLOB_NOT_FOUND, name + " is not there", "Test.");
        }
        return blob;
    }

    private static void requireAtMost(int length) {
        if (length < 0 || length > MAX_BUFFER_BYTES) {
            throw new IllegalArgumentException("length " + length);
        }
    }

    private final class Pending implements PendingBlob {

        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final WritableByteChannel channel = Channels.newChannel(content);
        private boolean finished;

        @Override
        public void write(ByteBuffer piece) {
            requirePending();
            try {
                channel.write(piece);
            } catch (IOException e) {
                throw new AssertionError("memory does not fail", e);
            }
        }

        @Override
        public long bytes() {
            return content.size();
        }

        @Override
        public StoredBlob commit(String name) {
            BlobName.requireValid(name);
            requirePending();
            finished = true;
            boolean created = blobs.putIfAbsent(name, content.toByteArray()) == null;
            return new StoredBlob(name, content.size(), created);
        }

        @Override
        public void abort() {
            finished = true;
        }

        private void requirePending() {
            if (finished) {
                throw new IllegalStateException("finished");
            }
        }
    }
}
