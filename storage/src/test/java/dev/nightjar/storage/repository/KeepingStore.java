package dev.nightjar.storage.repository;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobRetention;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A store that refuses to delete what it was told to keep, as a bucket with object lock does. */
final class KeepingStore implements BlobStore, BlobRetention {

    private final Map<String, Instant> retained = new ConcurrentHashMap<>();
    private final BlobStore real;
    private final InstantSource clock;

    KeepingStore(BlobStore real, InstantSource clock) {
        this.real = real;
        this.clock = clock;
    }

    Map<String, Instant> retained() {
        return Map.copyOf(retained);
    }

    /** As if it had never been told. */
    void forget() {
        retained.clear();
    }

    @Override
    public BlobRetention retention() {
        return this;
    }

    @Override
    public boolean isKept() {
        return true;
    }

    @Override
    public void retain(String name, Instant until) {
        if (!real.exists(name)) {
            throw new StorageException(StorageErrorCode.BLOB_NOT_FOUND, name + " is not there", "Test.");
        }
        retained.merge(name, until, (one, other) -> one.isAfter(other) ? one : other);
    }

    @Override
    public Optional<Instant> retainedUntil(String name) {
        return Optional.ofNullable(retained.get(name)).filter(until -> until.isAfter(clock.instant()));
    }

    @Override
    public void delete(String name) {
        requireNotKept(name);
        real.delete(name);
    }

    @Override
    public boolean move(String name, String to) {
        requireNotKept(name);
        return real.move(name, to);
    }

    private void requireNotKept(String name) {
        if (retainedUntil(name).isPresent()) {
            throw new StorageException(StorageErrorCode.BLOB_RETAINED, name + " is kept", "Test.");
        }
    }

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
        return real.read(name, offset, length);
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
}
