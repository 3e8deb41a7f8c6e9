package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.content.ChunkLocator;
import dev.nightjar.storage.offline.Progress.Phase;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.seal.ChunkRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * What the directories of a repository's packs say: a catalog in memory. Thread-safe, but for {@link #refresh}, during which nobody asks.
 *
 * <p>Memory: {@link ChunkIndex}, and some 150 bytes a pack.
 */
final class RepositoryIndex implements ChunkLocator {

    private final BlobStore blobs;
    private final PackReader reader;
    private final ChunkIndex chunks = new ChunkIndex();
    private final List<IndexedPack> packs = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final List<Flaw> flaws = new ArrayList<>();
    private final List<String> foreign = new ArrayList<>();

    RepositoryIndex(BlobStore blobs, PackReader reader) {
        this.blobs = blobs;
        this.reader = reader;
    }

    /**
     * Reads the directories of the packs that were not there before.
     *
     * @return whether there were any
     * @throws StorageException what keeps the store from being read; damaged packs are flaws, and those that were deleted meanwhile are nothing
     */
    boolean refresh(Progress progress) {
        List<String> fresh;
        try (Stream<BlobInfo> found = blobs.list(PackId.PREFIX)) {
            fresh = found.map(BlobInfo::name).filter(seen::add).toList();
        }
        AtomicLong done = new AtomicLong();
        Workers.each(fresh, name -> {
            PackId.ofBlobName(name).ifPresentOrElse(this::index, () -> addForeign(name));
            progress.at(Phase.DIRECTORIES, done.incrementAndGet(), fresh.size());
        });
        chunks.sort();
        return !fresh.isEmpty();
    }

    /** Every copy of every chunk. */
    ChunkIndex chunks() {
        return chunks;
    }

    /** Every pack whose directory can be read; the place in the list is its number. */
    synchronized List<IndexedPack> packs() {
        return List.copyOf(packs);
    }

    /** The packs whose directories cannot be read. */
    synchronized List<Flaw> flaws() {
        return List.copyOf(flaws);
    }

    /** Blobs among the packs that are not called as packs are. */
    synchronized List<String> foreign() {
        return List.copyOf(foreign);
    }

    @Override
    public Map<ChunkKey, ChunkLocation> locate(Collection<ChunkKey> keys) {
        Map<ChunkKey, ChunkLocation> found = HashMap.newHashMap(keys.size());
        for (ChunkKey key : keys) {
            List<ChunkLocation> locations = chunks.locations(key.high());
            if (!locations.isEmpty()) {
                found.put(key, locations.getFirst());
            }
        }
        return found;
    }

    @Override
    public Optional<ChunkLocation> after(ChunkKey key, ChunkLocation failed) {
        List<ChunkLocation> locations = chunks.locations(key.high());
        int next = locations.indexOf(failed) + 1;
        return next < locations.size() ? Optional.of(locations.get(next)) : Optional.empty();
    }

    @Override
    public synchronized Optional<PackId> pack(int number) {
        return number < packs.size() ? Optional.of(packs.get(number).id()) : Optional.empty();
    }

    private void index(PackId id) {
        StoredPack pack;
        try {
            pack = reader.directory(id);
        } catch (StorageException e) {
            if (!Flaw.isOfOneBlob(e)) {
                throw e;
            }
            if (blobs.exists(id.blobName())) {
                addFlaw(Flaw.of(id.blobName(), e));
            }
            return;
        }
        int number = addPack(IndexedPack.of(pack));
        for (PackEntry entry : pack.entries()) {
            int place = 0;
            for (ChunkRef chunk : entry.chunks()) {
                chunks.add(chunk.id(), new ChunkLocation(number, entry.frameIndex(), place++));
            }
        }
    }

    private synchronized int addPack(IndexedPack pack) {
        packs.add(pack);
        return packs.size() - 1;
    }

    private synchronized void addFlaw(Flaw flaw) {
        flaws.add(flaw);
    }

    private synchronized void addForeign(String name) {
        foreign.add(name);
    }
}
