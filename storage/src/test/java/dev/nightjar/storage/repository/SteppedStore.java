package dev.nightjar.storage.repository;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.blob.SpaceReserve;
import dev.nightjar.storage.blob.StoredBlob;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A store that comes to a border before and after every write, and before it is read.
 *
 * @param borders told where the store has come to; waits there
 */
record SteppedStore(BlobStore store, Consumer<String> borders) implements BlobStore {

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public boolean putIfAbsent(String name, ByteBuffer content) {
        borders.accept("before put of " + name);
        boolean put = store.putIfAbsent(name, content);
        borders.accept("after put of " + name);
        return put;
    }

    @Override
    public PendingBlob create() {
        PendingBlob blob = store.create();
        return new PendingBlob() {
            @Override
            public void write(ByteBuffer content) {
                blob.write(content);
            }

            @Override
            public long bytes() {
                return blob.bytes();
            }

            @Override
            public StoredBlob commit(String name) {
                borders.accept("before commit of " + name);
                StoredBlob stored = blob.commit(name);
                borders.accept("after commit of " + name);
                return stored;
            }

            @Override
            public void abort() {
                blob.abort();
            }
        };
    }

    @Override
    public ByteBuffer read(String name, long offset, int length) {
        borders.accept("before read of " + name);
        return store.read(name, offset, length);
    }

    @Override
    public void requireAnswer(String name) {
        store.requireAnswer(name);
    }

    @Override
    public long size(String name) {
        return store.size(name);
    }

    @Override
    public boolean exists(String name) {
        borders.accept("before look for " + name);
        return store.exists(name);
    }

    @Override
    public Stream<BlobInfo> list(String prefix) {
        borders.accept("before list of " + prefix);
        return store.list(prefix);
    }

    @Override
    public void delete(String name) {
        borders.accept("before delete of " + name);
        store.delete(name);
        borders.accept("after delete of " + name);
    }

    @Override
    public boolean move(String name, String to) {
        borders.accept("before move of " + name);
        boolean moved = store.move(name, to);
        borders.accept("after move of " + name);
        return moved;
    }

    @Override
    public SpaceReserve reserve() {
        return store.reserve();
    }
}
