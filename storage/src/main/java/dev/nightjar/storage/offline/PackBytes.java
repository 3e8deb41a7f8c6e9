package dev.nightjar.storage.offline;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameChecksum;
import dev.nightjar.storage.seal.FrameOpener;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads packs from their first byte to their last, once, and proves what can be proven: the name, every frame's checksum, and with the key also that every frame opens and every chunk has its id.
 * Thread-safe; up to 9 MiB for each pack that is being read.
 */
final class PackBytes {

    private static final int READ_BYTES = 4 << 20;

    private final BlobStore blobs;
    private final FrameOpener opener;
    private final @Nullable ChunkHasher hasher;

    /**
     * Proves packs.
     *
     * @param hasher null without the key: ids of chunks cannot be made then, and of encrypted frames only the checksum is proven
     */
    PackBytes(BlobStore blobs, FrameOpener opener, @Nullable ChunkHasher hasher) {
        this.blobs = blobs;
        this.opener = opener;
        this.hasher = hasher;
    }

    /** What was found out about a pack. */
    enum Verdict {
        /** Every byte is what was written. */
        SOUND,
        /** It has another hash than its name says, or a chunk has another id than the directory says. */
        DAMAGED,
        /** It was deleted while it was read. */
        GONE
    }

    /**
     * Proves a pack.
     *
     * @param number its number in the locations
     * @param damaged told of every chunk that cannot be trusted
     * @param read told of bytes that were read
     * @throws StorageException what keeps the store from being read
     */
    Verdict prove(StoredPack pack, int number, BiConsumer<ChunkRef, ChunkLocation> damaged, LongConsumer read) {
        try {
            MessageDigest sha256 = sha256();
            int broken = proveFrames(pack, number, sha256, damaged, read);
            boolean named = PackId.of(sha256.digest()).equals(pack.id());
            if (!named && hasher == null) {
                // Checksums are no proof against one pack in place of another, and nothing else can be asked.
                pack.entries().forEach(entry -> tell(entry, number, damaged));
            }
            return named && broken == 0 ? Verdict.SOUND : Verdict.DAMAGED;
        } catch (StorageException e) {
            if (!Flaw.isDamage(e)) {
                throw e;
            }
            pack.entries().forEach(entry -> tell(entry, number, damaged));
            return blobs.exists(pack.id().blobName()) ? Verdict.DAMAGED : Verdict.GONE;
        }
    }

    private int proveFrames(
            StoredPack pack,
            int number,
            MessageDigest sha256,
            BiConsumer<ChunkRef, ChunkLocation> damaged,
            LongConsumer read) {
        List<PackEntry> entries = pack.entries();
        String name = pack.id().blobName();
        long at = 0;
        int next = 0;
        int broken = 0;
        while (at < pack.bytes()) {
            int end = next;
            long stop = at == 0 ? entries.getFirst().offset() : at;
            while (end < entries.size() && end(entries.get(end)) - at <= READ_BYTES) {
                stop = end(entries.get(end++));
            }
            if (next == entries.size()) {
                stop = Math.min(pack.bytes(), at + READ_BYTES);
            }
            int length = (int) (stop - at);
            ByteBuffer piece = blobs.read(name, at, length);
            sha256.update(piece.duplicate());
            read.accept(length);
            for (PackEntry entry : entries.subList(next, end)) {
                ByteBuffer stored = piece.slice((int) (entry.offset() - at), entry.storedLength());
                broken += isSound(pack, entry, stored, number, damaged) ? 0 : 1;
            }
            next = end;
            at = stop;
        }
        return broken;
    }

    private boolean isSound(
            StoredPack pack,
            PackEntry entry,
            ByteBuffer stored,
            int number,
            BiConsumer<ChunkRef, ChunkLocation> damaged) {
        if (FrameChecksum.of(stored) != entry.crc32c()) {
            tell(entry, number, damaged);
            return false;
        }
        return hasher == null || chunksAreSound(pack, entry, stored, number, damaged, hasher);
    }

    private boolean chunksAreSound(
            StoredPack pack,
            PackEntry entry,
            ByteBuffer stored,
            int number,
            BiConsumer<ChunkRef, ChunkLocation> damaged,
            ChunkHasher ids) {
        ByteBuffer plain;
        try {
            SealedFrame frame =
                    new SealedFrame(entry.codec(), stored, entry.plainLength(), entry.crc32c(), entry.chunks());
            plain = opener.open(frame, pack.id() + " offset " + entry.offset());
        } catch (StorageException e) {
            if (!Flaw.isDamage(e)) {
                throw e;
            }
            tell(entry, number, damaged);
            return false;
        }
        List<ChunkRef> wrong = new ArrayList<>();
        for (int place = 0; place < entry.chunks().size(); place++) {
            ChunkRef chunk = entry.chunks().get(place);
            if (!isChunk(pack.kind(), chunk, plain, ids)) {
                wrong.add(chunk);
                damaged.accept(chunk, new ChunkLocation(number, entry.frameIndex(), place));
            }
        }
        return wrong.isEmpty();
    }

    private static boolean isChunk(ChunkKind kind, ChunkRef chunk, ByteBuffer plain, ChunkHasher ids) {
        return ids.id(kind, plain.slice(chunk.offset(), chunk.length())).equals(chunk.id());
    }

    private static void tell(PackEntry entry, int number, BiConsumer<ChunkRef, ChunkLocation> damaged) {
        for (int place = 0; place < entry.chunks().size(); place++) {
            damaged.accept(entry.chunks().get(place), new ChunkLocation(number, entry.frameIndex(), place));
        }
    }

    private static long end(PackEntry entry) {
        return entry.offset() + entry.storedLength();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
