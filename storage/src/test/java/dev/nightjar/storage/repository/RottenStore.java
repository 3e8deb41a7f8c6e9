package dev.nightjar.storage.repository;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import java.nio.ByteBuffer;
import java.util.stream.Stream;

/** A store that acknowledges everything and gives packs back with a bit flipped in what their frames hold. */
record RottenStore(BlobStore real) implements BlobStore {

    private static final int SMALLEST_FRAME = 600;

    @Override
    public String location() {
        return real.location();
    }

    @Override
    public boolean putIfAbsent(String name, ByteBuffer content) {
        return real.putIfAbsent(name, content);
    }

    @Override
    public PendingBlob create() {
        return real.create();
    }

    @Override
    public ByteBuffer read(String name, long offset, int length) {
        ByteBuffer read = real.read(name, offset, length);
        boolean data = name.startsWith("packs/") && real.read(name, 8, 1).get(0) == 1;
        // Frames begin right behind the header; directories and trailers stay as they are.
        if (data && offset == 32 && length > SMALLEST_FRAME) {
            read.put(length / 2, (byte) (read.get(length / 2) ^ 1));
        }
        return read;
    }

    @Override
    public long size(String name) {
        return real.size(name);
    }

    @Override
    public boolean exists(String name) {
        return real.exists(name);
    }

    @Override
    public Stream<BlobInfo> list(String prefix) {
        return real.list(prefix);
    }

    @Override
    public void delete(String name) {
        real.delete(name);
    }

    @Override
    public boolean move(String name, String to) {
        return real.move(name, to);
    }
}
