package dev.nightjar.storage.content;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads chunks by their ids. Thread-safe; what was used last stays in memory, within limits.
 *
 * <p>Whatever is returned has been hashed and has the id that was asked for.
 */
public final class ChunkContents {

    private final ChunkLocator locator;
    private final PackFrames packs;
    private final ChunkHasher hasher;
    private final BoundedCache<FrameKey, LoadedFrame> frames;

    /** A reader of the chunks that {@code locator} knows. */
    public ChunkContents(ChunkLocator locator, PackFrames packs, ChunkHasher hasher, ContentLimits limits) {
        this.locator = locator;
        this.packs = packs;
        this.hasher = hasher;
        frames = new BoundedCache<>(limits.frameBytes(), LoadedFrame::length);
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
                throw unknown(id);
            }
            contents.put(id, read(kind, id, location));
        }
        return contents;
    }

    /** The chunk, where it is said to lie or where there is a copy of it. */
    private ByteBuffer read(ChunkKind kind, ChunkId id, ChunkLocation first) {
        ChunkLocation location = first;
        while (true) {
            try {
                LoadedFrame frame = frames.get(FrameKey.of(location), key -> packs.load(key));
                return frame.chunk(location.place(), id, kind, hasher);
            } catch (StorageException e) {
                Optional<ChunkLocation> next =
                        isAboutThisCopy(e) ? locator.after(ChunkKey.of(id), location) : Optional.empty();
                location = next.orElseThrow(() -> e);
            }
        }
    }

    private static boolean isAboutThisCopy(StorageException e) {
        return switch (e.code()) {
            case DATA_DAMAGED, BLOB_NOT_FOUND, CATALOG_NEEDS_REBUILD, REPOSITORY_IO_ERROR -> true;
            default -> false;
        };
    }

    /** No location is known for a chunk that a map refers to. */
    public static StorageException unknown(ChunkId id) {
        return new StorageException(
                StorageErrorCode.CHUNK_NOT_FOUND,
                "No pack is known to hold chunk " + id,
                "Rebuild the catalog; if the chunk is still missing, bring its pack back from a copy of the repository.");
    }
}
