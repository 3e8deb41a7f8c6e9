package dev.nightjar.storage.repository;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.key.RepositoryConfig;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A store on a device that does not give some bytes, or nothing at all any more. Names, lengths and what is written anew are not affected by bad bytes. */
final class BadSectors implements BlobStore {

    private final Map<String, Range> bad = new ConcurrentHashMap<>();
    private final Set<String> badInodes = ConcurrentHashMap.newKeySet();
    private final BlobStore real;
    private volatile boolean gone;
    private volatile boolean configurationIsInMemory;

    private record Range(long from, long to) {}

    BadSectors(BlobStore real) {
        this.real = real;
    }

    /** From here on these bytes of a blob cannot be read. */
    void spoil(String name, long from, long to) {
        bad.put(name, new Range(from, to));
    }

    /** From here on no byte of a blob can be read. */
    void spoil(String name) {
        spoil(name, 0, Long.MAX_VALUE);
    }

    /** From here on not even the length of a blob can be had. */
    void spoilInode(String name) {
        badInodes.add(name);
    }

    /** As of a pack whose frames can be read. */
    void spoilEnd(String name) {
        spoil(name, real.size(name) - 1, Long.MAX_VALUE);
    }

    /** From here on nothing can be read but the names, which the system has in memory. */
    void fail() {
        gone = true;
    }

    /** As {@link #fail}, but what was read lately is in memory too, such as the configuration. */
    void failButForWhatIsInMemory() {
        gone = true;
        configurationIsInMemory = true;
    }

    /** Everything can be read again. */
    void mend() {
        gone = false;
        configurationIsInMemory = false;
        bad.clear();
        badInodes.clear();
    }

    private void requireDevice(String what) {
        if (gone || badInodes.contains(what)) {
            throw failure(what);
        }
    }

    private static StorageException failure(String what) {
        return new StorageException(
                StorageErrorCode.REPOSITORY_IO_ERROR, "input/output error at " + what, "It is a test.");
    }

    @Override
    public String location() {
        return real.location();
    }

    @Override
    public boolean putIfAbsent(String name, ByteBuffer content) {
        requireDevice(name);
        return real.putIfAbsent(name, content);
    }

    @Override
    public PendingBlob create() {
        requireDevice("a temporary file");
        return real.create();
    }

    @Override
    public ByteBuffer read(String name, long offset, int length) {
        if (!isInMemory(name)) {
            requireDevice(name);
        }
        Range range = bad.get(name);
        if (range != null && offset < range.to && offset + length > range.from) {
            throw failure(name);
        }
        return real.read(name, offset, length);
    }

    private boolean isInMemory(String name) {
        return configurationIsInMemory && name.equals(RepositoryConfig.BLOB_NAME);
    }

    @Override
    public void requireAnswer(String name) {
        requireDevice(name);
        real.requireAnswer(name);
    }

    @Override
    public long size(String name) {
        if (!isInMemory(name)) {
            requireDevice(name);
        }
        return real.size(name);
    }

    @Override
    public boolean exists(String name) {
        if (!isInMemory(name)) {
            requireDevice(name);
        }
        return real.exists(name);
    }

    @Override
    public Stream<BlobInfo> list(String prefix) {
        return real.list(prefix);
    }

    @Override
    public void delete(String name) {
        requireDevice(name);
        real.delete(name);
    }

    @Override
    public boolean move(String name, String to) {
        requireDevice(name);
        return real.move(name, to);
    }
}
