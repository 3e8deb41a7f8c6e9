package dev.nightjar.storage.content;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.StoredPack;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads chunks by their ids. Thread-safe; what was used last stays in memory, within limits.
 *
 * <p>Whatever is returned has been hashed and has the id that was asked for.
 */
public final class ChunkContents {

    private final ChunkLocator locator;
    private final PackReader packs;
    private final ChunkHasher hasher;
    private final BoundedCache<FrameKey, LoadedFrame> frames;
    private final BoundedCache<Integer, StoredPack> directories;

    private record FrameKey(int pack, int frame) {}

    /** A reader of the chunks that {@code locator} knows. */
    public ChunkContents(ChunkLocator locator, PackReader packs, ChunkHasher hasher, ContentLimits limits) {
        this.locator = locator;
        this.packs = packs;
        this.hasher = hasher;
        frames = new BoundedCache<>(limits.frameBytes(), LoadedFrame::bytes);
        directories = new BoundedCache<>(limits.directoryChunks(), ChunkContents::chunksIn);
    }

    /**
     * The content of each chunk, in read-only buffers positioned at 0.
     *
     * @throws StorageException CHUNK_NOT_FOUND, DATA_DAMAGED, CATALOG_UNAVAILABLE, or what the blob store says
     */
    public Map<ChunkId, ByteBuffer> read(ChunkKind kind, Collection<ChunkId> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        List<ChunkKey> keys = ids.stream().map(ChunkKey::of).distinct().toList();
        Map<ChunkKey, ChunkLocation> locations = locator.locate(keys);
        Map<ChunkId, ByteBuffer> contents = HashMap.newHashMap(ids.size());
        for (ChunkId id : ids) {
            ChunkLocation location = locations.get(ChunkKey.of(id));
            if (location == null) {
                throw new StorageException(
                        StorageErrorCode.CHUNK_NOT_FOUND,
                        "No pack is known to hold chunk " + id,
                        "Rebuild the catalog; if the chunk is still missing, bring its pack back from a copy of the repository.");
            }
            LoadedFrame frame = frames.get(new FrameKey(location.pack(), location.frame()), this::load);
            contents.put(id, frame.chunk(location.place(), id, kind, hasher));
        }
        return contents;
    }

    private LoadedFrame load(FrameKey key) {
        StoredPack pack = directories.get(key.pack(), this::directory);
        if (key.frame() >= pack.entries().size()) {
            throw new StorageException(
                    StorageErrorCode.CATALOG_NEEDS_REBUILD,
                    "The catalog knows a frame " + key.frame() + " of pack " + pack.id() + ", which has only "
                            + pack.entries().size(),
                    "Rebuild the catalog from the repository.");
        }
        PackEntry entry = pack.entries().get(key.frame());
        return new LoadedFrame(pack.id(), pack.kind(), entry, packs.frame(pack.id(), entry));
    }

    private StoredPack directory(int number) {
        PackId pack = locator.pack(number)
                .orElseThrow(() -> new StorageException(
                        StorageErrorCode.CHUNK_NOT_FOUND,
                        "Pack number " + number + " is no longer in the catalog",
                        "The catalog was rebuilt meanwhile, or the pack was removed: try again."));
        return packs.directory(pack);
    }

    private static long chunksIn(StoredPack pack) {
        long chunks = 0;
        for (PackEntry entry : pack.entries()) {
            chunks += entry.chunks().size();
        }
        return chunks;
    }
}
