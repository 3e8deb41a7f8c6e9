package dev.nightjar.storage.content;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.StoredPack;
import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Opens frames by the catalog's numbers. Thread-safe; the directories that were used last stay in memory, the frames do not.
 *
 * <p>Every method throws {@link StorageException}: CHUNK_NOT_FOUND if the catalog was rebuilt since the number was known, CATALOG_NEEDS_REBUILD, DATA_DAMAGED,
 * CATALOG_UNAVAILABLE, or what the blob store says.
 */
public final class PackFrames {

    private final ChunkLocator locator;
    private final PackReader packs;
    private final Function<PackId, StoredPack> opening;
    private final BoundedCache<Integer, StoredPack> directories;

    /** The frames of the packs that {@code locator} knows. */
    public PackFrames(ChunkLocator locator, PackReader packs, ContentLimits limits) {
        this(locator, packs, packs::directory, limits);
    }

    private PackFrames(
            ChunkLocator locator, PackReader packs, Function<PackId, StoredPack> opening, ContentLimits limits) {
        this.locator = locator;
        this.packs = packs;
        this.opening = opening;
        directories = new BoundedCache<>(limits.directoryChunks(), PackFrames::chunksIn);
    }

    /** The same for whoever cannot check ids: every pack is hashed as a whole before the first of its frames is believed. */
    public static PackFrames ofWholePacks(ChunkLocator locator, PackReader packs, ContentLimits limits) {
        return new PackFrames(locator, packs, packs::wholeDirectory, limits);
    }

    /** Opens a frame on the heap; its chunks are read-only. */
    public LoadedFrame load(FrameKey key) {
        StoredPack pack = directories.get(key.pack(), this::directory);
        PackEntry entry = entry(pack, key);
        return new LoadedFrame(
                pack.id(), pack.kind(), entry, packs.frame(pack.id(), entry).asReadOnlyBuffer());
    }

    /**
     * Opens a frame in memory of the caller's.
     *
     * @param memory given the plaintext's length, a direct buffer with that many bytes from position to limit
     */
    public LoadedFrame load(FrameKey key, IntFunction<ByteBuffer> memory) {
        StoredPack pack = directories.get(key.pack(), this::directory);
        PackEntry entry = entry(pack, key);
        ByteBuffer plain = memory.apply(entry.plainLength());
        packs.frame(pack.id(), entry, plain);
        return new LoadedFrame(pack.id(), pack.kind(), entry, plain.slice());
    }

    /** What the pack's directory says about a frame. */
    PackEntry entry(FrameKey key) {
        return entry(directories.get(key.pack(), this::directory), key);
    }

    private static PackEntry entry(StoredPack pack, FrameKey key) {
        if (key.frame() >= pack.entries().size()) {
            throw new StorageException(
                    StorageErrorCode.CATALOG_NEEDS_REBUILD,
                    "The catalog knows a frame " + key.frame() + " of pack " + pack.id() + ", which has only "
                            + pack.entries().size(),
                    "Rebuild the catalog from the repository.");
        }
        return pack.entries().get(key.frame());
    }

    private StoredPack directory(int number) {
        PackId pack = locator.pack(number)
                .orElseThrow(() -> new StorageException(
                        StorageErrorCode.CHUNK_NOT_FOUND,
                        "Pack number " + number + " is no longer in the catalog",
                        "The catalog was rebuilt meanwhile, or the pack was removed: try again."));
        return opening.apply(pack);
    }

    private static long chunksIn(StoredPack pack) {
        long chunks = 0;
        for (PackEntry entry : pack.entries()) {
            chunks += entry.chunks().size();
        }
        return chunks;
    }
}
