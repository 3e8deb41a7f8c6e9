package dev.nightjar.storage.offline;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import java.nio.ByteBuffer;
import java.util.stream.Stream;

/** Reads go through; the offline tools have no business with anything else. */
class ForwardingStore implements BlobStore {

    private final MemoryBlobStore store;

    ForwardingStore(MemoryBlobStore store) {
        this.store = store;
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public ByteBuffer read(String name, long offset, int length) {
        return store.read(name, offset, length);
    }

    @Override
    public long size(String name) {
        return store.size(name);
    }

    @Override
    public boolean exists(String name) {
        return store.exists(name);
    }

    @Override
    public Stream<BlobInfo> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public boolean putIfAbsent(String name, ByteBuffer content) {
        throw new AssertionError("wrote " + name);
    }

    @Override
    public PendingBlob create() {
        throw new AssertionError("wrote");
    }

    @Override
    public void delete(String name) {
        throw new AssertionError("deleted " + name);
    }

    @Override
    public boolean move(String name, String to) {
        throw new AssertionError("moved " + name);
    }
}
