package dev.nightjar.storage.reclaim;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkEntry;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.key.RepositoryConfig;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.PackWriter;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.seal.SealedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what is in use out of packs that are mostly empty: whole frames, as they are stored, so that it takes no key. In this order:
 *
 * <ol>
 *   <li>The new pack, durable under its name. A crash after it leaves an orphan pack.
 *   <li>One transaction: the new pack's row, its chunks' rows moved to it, the old packs condemned. A run that leans on an old one meanwhile revives it.
 * </ol>
 */
final class Rewriting {

    private static final Logger LOG = LoggerFactory.getLogger(Rewriting.class);

    /** Most chunks of several old packs in a new one, well below what a directory holds. */
    private static final long MOST_CHUNKS = 32_768;

    private final Catalog catalog;
    private final BlobStore blobs;
    private final PackReader packs;
    private final RepositoryConfig config;
    private final LiveChunks live;
    private final Condemnation condemnation;
    private final double sparse;
    private long copiedBytes;
    private long rewrittenPacks;
    private long rewrittenBytes;

    /** What goes into one new pack: some frames of an old one. */
    private record Part(PackUse old, List<PackEntry> frames) {

        long bytes() {
            return frames.stream().mapToLong(PackEntry::storedLength).sum();
        }

        long chunks() {
            return frames.stream().mapToLong(frame -> frame.chunks().size()).sum();
        }
    }

    /** An old pack cannot be read. The same error from writing the new one is about the repository, and ends the reclaim. */
    private static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unreadable(StorageException cause) {
            super(cause.getMessage(), cause);
        }
    }

    Rewriting(
            Catalog catalog,
            BlobStore blobs,
            PackReader packs,
            RepositoryConfig config,
            LiveChunks live,
            Condemnation condemnation,
            double sparse) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.packs = packs;
        this.config = config;
        this.live = live;
        this.condemnation = condemnation;
        this.sparse = sparse;
    }

    /** Rewrites packs of one kind into few new ones. A pack that is damaged or cannot be read stays where it is, for whoever mends it. */
    void rewrite(List<PackUse> sparse) {
        List<Part> parts = new ArrayList<>();
        for (PackUse old : sparse) {
            partOf(old).ifPresent(part -> {
                if (!fits(parts, part)) {
                    writeWhole(List.copyOf(parts));
                    parts.clear();
                }
                parts.add(part);
            });
        }
        writeWhole(parts);
    }

    private boolean fits(List<Part> parts, Part more) {
        long bytes = parts.stream().mapToLong(Part::bytes).sum() + more.bytes();
        long chunks = parts.stream().mapToLong(Part::chunks).sum() + more.chunks();
        return parts.isEmpty() || (bytes <= config.packTargetBytes() && chunks <= MOST_CHUNKS);
    }

    private Optional<Part> partOf(PackUse old) {
        try {
            Part part = new Part(old, framesInUse(old));
            // A frame stays whole for a single chunk. If most of them have one, copying frees little, and would begin
            // anew every time.
            return part.bytes() <= sparse * old.pack().storedBytes() ? Optional.of(part) : Optional.empty();
        } catch (StorageException e) {
            requireAboutOnePack(e);
            return leftAlone(old, e);
        }
    }

    /** One pack that cannot be read must not keep the others from being rewritten. */
    private void writeWhole(List<Part> parts) {
        if (parts.isEmpty()) {
            return;
        }
        try {
            write(parts);
        } catch (Unreadable | StorageException e) {
            if (parts.size() > 1) {
                parts.forEach(part -> writeWhole(List.of(part)));
            } else if (e instanceof Unreadable) {
                leftAlone(parts.getFirst().old, e);
            } else {
                throw e;
            }
        }
    }

    private static Optional<Part> leftAlone(PackUse old, RuntimeException e) {
        LOG.warn("pack {} is not rewritten: {}", old.pack().id(), e.getMessage());
        return Optional.empty();
    }

    private static void requireAboutOnePack(StorageException e) {
        if (!e.code().isOfOneBlob() && e.code() != StorageErrorCode.FORMAT_UNSUPPORTED) {
            throw e;
        }
    }

    long copiedBytes() {
        return copiedBytes;
    }

    long rewrittenPacks() {
        return rewrittenPacks;
    }

    long rewrittenBytes() {
        return rewrittenBytes;
    }

    private List<PackEntry> framesInUse(PackUse old) {
        return packs.directory(old.pack().id()).entries().stream()
                .filter(frame -> frame.chunks().stream().anyMatch(chunk -> live.contains(ChunkKey.of(chunk.id()))))
                .toList();
    }

    private void write(List<Part> parts) {
        StoredPack fresh;
        try (PackWriter writer = new PackWriter(
                blobs, parts.getFirst().old.pack().kind(), config.repositoryId(), config.packTargetBytes())) {
            for (Part part : parts) {
                for (PackEntry frame : part.frames) {
                    writer.append(stored(part.old, frame));
                }
            }
            fresh = writer.finish();
        }
        List<ChunkEntry> chunks = ChunkEntry.of(fresh);
        List<Integer> olds =
                parts.stream().map(part -> part.old.pack().number()).toList();
        rewrittenPacks += condemnation.inQuiet(connection -> {
            int number =
                    catalog.packs().record(connection, fresh.id(), fresh.kind(), fresh.bytes(), chunks.size(), null);
            catalog.damage().clear(connection, number);
            int first = 0;
            for (Part part : parts) {
                int count = part.frames.size();
                catalog.chunks().move(connection, part.old.pack().number(), number, entries(fresh, first, count));
                first += count;
            }
            // What came into use since the mark and was not copied still lies in an old pack, which then has to stay.
            // So
            // has an old pack that is the very one that was written.
            List<Integer> done = new ArrayList<>(olds);
            done.removeAll(condemnation.usedSinceMark(connection));
            return condemnation.condemn(connection, done);
        });
        copiedBytes += parts.stream().mapToLong(Part::bytes).sum();
        rewrittenBytes +=
                parts.stream().mapToLong(part -> part.old.pack().storedBytes()).sum();
    }

    private SealedFrame stored(PackUse old, PackEntry frame) {
        try {
            return packs.stored(old.pack().id(), frame);
        } catch (StorageException e) {
            requireAboutOnePack(e);
            throw new Unreadable(e);
        }
    }

    private static List<ChunkEntry> entries(StoredPack pack, int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(pack.entries()::get)
                .flatMap(frame -> IntStream.range(0, frame.chunks().size())
                        .mapToObj(place -> new ChunkEntry(
                                ChunkKey.of(frame.chunks().get(place).id()), frame.frameIndex(), place)))
                .toList();
    }
}
