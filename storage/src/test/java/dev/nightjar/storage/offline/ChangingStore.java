package dev.nightjar.storage.offline;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.MemoryBlobStore;
import java.util.List;
import java.util.stream.Stream;

/** Somebody changes the store right after it was listed for the first time. */
final class ChangingStore extends ForwardingStore {

    private final String prefix;
    private final Runnable change;
    private boolean changed;

    ChangingStore(MemoryBlobStore store, String prefix, Runnable change) {
        super(store);
        this.prefix = prefix;
        this.change = change;
    }

    boolean changed() {
        return changed;
    }

    @Override
    public Stream<BlobInfo> list(String wanted) {
        List<BlobInfo> listed = super.list(wanted).toList();
        if (!changed && wanted.equals(prefix)) {
            changed = true;
            change.run();
        }
        return listed.stream();
    }
}
