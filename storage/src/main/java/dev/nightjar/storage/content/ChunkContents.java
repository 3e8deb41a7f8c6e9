package dev.nightjar.storage.content;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.seal.ChunkRef;
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
        Map<ChunkKey, ChunkLocation> locations = locate(ids);
        Map<ChunkId, ByteBuffer> contents = HashMap.newHashMap(ids.size());
        for (ChunkId id : ids) {
            contents.put(id, read(kind, id, location(id, locations)));
        }
        return contents;
    }

    /**
     * Puts chunks into memory of the caller's, one behind the other. A frame of which all chunks are wanted, in its own order, is opened right there: it is neither
     * copied nor kept, which is what a reading from front to back wants.
     *
     * @param length of every chunk but the last, which has what is left, in bytes
     * @param target a direct buffer; filled from position to limit, both of which stay as they are; its content is undefined if this throws
     * @throws StorageException as {@link #read(ChunkKind, Collection)}, and DATA_DAMAGED if a chunk has another length
     */
    public void read(ChunkKind kind, List<ChunkId> ids, int length, ByteBuffer target) {
        Map<ChunkKey, ChunkLocation> locations = locate(ids);
        ByteBuffer left = target.slice();
        int next = 0;
        while (next < ids.size()) {
            List<ChunkId> rest = ids.subList(next, ids.size());
            ChunkLocation location = location(rest.getFirst(), locations);
            int chunks = openInPlace(kind, rest, location, length, left);
            if (chunks == 0) {
                chunks = 1;
                copy(read(kind, rest.getFirst(), location), rest.getFirst(), left, Math.min(length, left.remaining()));
            }
            left.position((int) Math.min((long) chunks * length + left.position(), left.limit()));
            next += chunks;
        }
    }

    /** How many of the chunks, from the first on, came of a frame that holds just them; 0 if they have to be read one by one. */
    private int openInPlace(ChunkKind kind, List<ChunkId> ids, ChunkLocation first, int length, ByteBuffer target) {
        FrameKey key = FrameKey.of(first);
        if (first.place() != 0 || frames.peek(key) != null) {
            return 0;
        }
        try {
            PackEntry entry = packs.entry(key);
            if (!isLaidOut(entry, ids, length, target.remaining())) {
                return 0;
            }
            LoadedFrame frame = packs.load(key, bytes -> target.slice(target.position(), bytes));
            for (int place = 0; place < entry.chunks().size(); place++) {
                frame.verified(place, ids.get(place), kind, hasher);
            }
            return entry.chunks().size();
        } catch (StorageException e) {
            if (isAboutThisCopy(e)) {
                return 0;
            }
            throw e;
        }
    }

    /** Whether a frame's plaintext is, byte for byte, where its chunks are wanted. */
    private static boolean isLaidOut(PackEntry entry, List<ChunkId> ids, int length, int room) {
        List<ChunkRef> chunks = entry.chunks();
        boolean fits = chunks.size() <= ids.size() && entry.plainLength() <= room;
        for (int place = 0; fits && place < chunks.size(); place++) {
            ChunkRef chunk = chunks.get(place);
            fits = chunk.id().equals(ids.get(place))
                    && chunk.offset() == place * length
                    && chunk.length() == Math.min(length, room - chunk.offset());
        }
        return fits;
    }

    private static void copy(ByteBuffer content, ChunkId id, ByteBuffer target, int length) {
        requireLength(content, id, length);
        target.put(target.position(), content, content.position(), length);
    }

    /**
     * Refuses a chunk that does not fit the place where a map has it.
     *
     * @throws StorageException DATA_DAMAGED
     */
    public static void requireLength(ByteBuffer content, ChunkId id, int length) {
        if (content.remaining() != length) {
            throw new StorageException(
                    StorageErrorCode.DATA_DAMAGED,
                    "A map has " + length + " bytes at a place for chunk " + id + ", which has " + content.remaining(),
                    "The point's map is damaged; other points are not affected.");
        }
    }

    private Map<ChunkKey, ChunkLocation> locate(Collection<ChunkId> ids) {
        return locator.locate(ids.stream().map(ChunkKey::of).distinct().toList());
    }

    private static ChunkLocation location(ChunkId id, Map<ChunkKey, ChunkLocation> locations) {
        ChunkLocation location = locations.get(ChunkKey.of(id));
        if (location == null) {
            throw unknown(id);
        }
        return location;
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
        return e.code().isOfOneBlob() || e.code() == StorageErrorCode.CATALOG_NEEDS_REBUILD;
    }

    /** No location is known for a chunk that a map refers to. */
    public static StorageException unknown(ChunkId id) {
        return new StorageException(
                StorageErrorCode.CHUNK_NOT_FOUND,
                "No pack is known to hold chunk " + id,
                "Rebuild the catalog; if the chunk is still missing, bring its pack back from a copy of the repository.");
    }
}
