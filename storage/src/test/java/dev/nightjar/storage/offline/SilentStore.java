package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.MemoryBlobStore;
import java.nio.ByteBuffer;

/** Reads of some blobs fail. */
final class SilentStore extends ForwardingStore {

    private final String where;
    private final StorageErrorCode how;

    SilentStore(MemoryBlobStore store, String where, StorageErrorCode how) {
        super(store);
        this.where = where;
        this.how = how;
    }

    @Override
    public ByteBuffer read(String name, long offset, int length) {
        if (name.startsWith(where)) {
            throw new StorageException(how, "no bytes of " + name, "Test.");
        }
        return super.read(name, offset, length);
    }
}
