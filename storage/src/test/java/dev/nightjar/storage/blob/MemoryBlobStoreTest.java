package dev.nightjar.storage.blob;

class MemoryBlobStoreTest extends BlobStoreContract {

    @Override
    protected BlobStore emptyStore() {
        return new MemoryBlobStore();
    }
}
