package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.MemoryBlobStore;
import java.nio.ByteBuffer;

/** Reads of some blobs time out. */
final class SilentStore extends ForwardingStore {

    private final String where;

    SilentStore(MemoryBlobStore store, String where) {
        super(store);
        this.where = where;
    }

    @Override
    public ByteBuffer read(String name, long offset, int length) {
        if (name.startsWith(where)) {
            throw new StorageException(StorageErrorCode.STORE_UNAVAILABLE, "timed out", "Test.");
        }
        return super.read(name, offset, length);
    }
}
