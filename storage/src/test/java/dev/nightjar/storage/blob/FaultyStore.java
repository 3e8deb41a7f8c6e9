package dev.nightjar.storage.blob;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store of which one operation fails, once, reading or writing. Thread-safe. */
public final class FaultyStore implements BlobStore {

    /** How an operation fails. */
    public enum Fault {
        /** The disk is full, or the quota used up. */
        FULL(StorageErrorCode.REPOSITORY_FULL),
        /** The device fails. */
        DEVICE(StorageErrorCode.REPOSITORY_IO_ERROR),
        /** No answer came, and nothing was done. */
        TIME_OUT(StorageErrorCode.STORE_UNAVAILABLE),
        /** No answer came, although it was done. */
        TIME_OUT_AFTERWARDS(StorageErrorCode.STORE_UNAVAILABLE);

        private final StorageErrorCode code;

        Fault(StorageErrorCode code) {
            this.code = code;
        }

        /** What a caller is to hear. */
        public StorageErrorCode code() {
            return code;
        }
    }

    private final BlobStore store;
    private int operations;
    private int failAt;
    private Fault fault = Fault.DEVICE;
    private @Nullable String failed;

    /** Decorates a store. */
    public FaultyStore(BlobStore store) {
        this.store = store;
    }

    /** From here on operations are counted, and the one of this number, from 1, fails. */
    public synchronized void arm(int number, Fault how) {
        operations = 0;
        failAt = number;
        fault = how;
        failed = null;
    }

    /** Nothing fails any more; returns what did, or null. */
    public synchronized @Nullable String disarm() {
        failAt = 0;
        return failed;
    }

    /** How many operations there were since {@link #arm}. */
    public synchronized int operations() {
        return operations;
    }

    private <T> T perform(String what, boolean writes, Supplier<T> operation) {
        boolean fails = fails(what, writes);
        if (!fails) {
            return operation.get();
        }
        StorageException failure = failure(what);
        if (fault == Fault.TIME_OUT_AFTERWARDS) {
            T answer = operation.get();
            failure.addSuppressed(new IllegalStateException("the answer was " + answer));
        }
        throw failure;
    }

    // A read needs no space.
    private synchronized boolean fails(String what, boolean writes) {
        operations++;
        boolean fails = operations == failAt && (writes || fault != Fault.FULL);
        if (fails) {
            failed = what;
        }
        return fails;
    }

    private StorageException failure(String what) {
        return new StorageException(fault.code, "injected at " + what, "It is a test.");
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public boolean putIfAbsent(String name, ByteBuffer content) {
        return perform("put " + name, true, () -> store.putIfAbsent(name, content));
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
                return perform("commit " + name, true, () -> blob.commit(name));
            }

            @Override
            public void abort() {
                blob.abort();
            }
        };
    }

    @Override
    public ByteBuffer read(String name, long offset, int length) {
        return perform("read " + name, false, () -> store.read(name, offset, length));
    }

    @Override
    public long size(String name) {
        return perform("size " + name, false, () -> store.size(name));
    }

    @Override
    public boolean exists(String name) {
        return perform("exists " + name, false, () -> store.exists(name));
    }

    /** Of some lists the failure comes only after a few names. */
    @Override
    public Stream<BlobInfo> list(String prefix) {
        if (!fails("list " + prefix, false)) {
            return store.list(prefix);
        }
        AtomicInteger left = new AtomicInteger(prefix.length() % 2 == 0 ? 0 : 3);
        return Stream.concat(store.list(prefix), Stream.of(new BlobInfo("end", 0)))
                .peek(_ -> {
                    if (left.getAndDecrement() == 0) {
                        throw failure("list " + prefix);
                    }
                });
    }

    @Override
    public void delete(String name) {
        perform("delete " + name, false, () -> {
            store.delete(name);
            return true;
        });
    }

    @Override
    public boolean move(String name, String to) {
        return perform("move " + name, false, () -> store.move(name, to));
    }

    @Override
    public SpaceReserve reserve() {
        return store.reserve();
    }
}
