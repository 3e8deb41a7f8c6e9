package dev.nightjar.storage.pack;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.seal.FrameChecksum;
import dev.nightjar.storage.seal.FrameOpener;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/**
 * Reads packs: their directories, and single frames. Thread-safe.
 *
 * <p>Nothing read is believed: magic numbers, checksums and bounds are checked before anything is allocated by them. Whether a whole pack hashes to its name is
 * not checked here, for that needs all of it.
 */
public final class PackReader {

    /** What is read at once from a pack's end: the directory of most packs. */
    private static final int TAIL_BYTES = 64 * 1024;

    private final BlobStore store;
    private final UUID repositoryId;
    private final FrameOpener opener;

    /** A reader of the packs that belong to {@code repositoryId}; {@code opener} opens their frames. */
    public PackReader(BlobStore store, UUID repositoryId, FrameOpener opener) {
        this.store = store;
        this.repositoryId = repositoryId;
        this.opener = opener;
    }

    /**
     * What a pack's directory says.
     *
     * @throws StorageException DATA_DAMAGED, FORMAT_UNSUPPORTED, BLOB_NOT_FOUND
     */
    public StoredPack directory(PackId pack) {
        String name = pack.blobName();
        long bytes = store.size(name);
        try {
            if (bytes < PackHeader.BYTES + PackTrailer.BYTES) {
                throw PackDamage.damaged("it has only " + bytes + " bytes");
            }
            PackHeader header = PackHeader.decode(store.read(name, 0, PackHeader.BYTES));
            if (!header.repositoryId().equals(repositoryId)) {
                throw PackDamage.damaged("it belongs to repository " + header.repositoryId());
            }
            return new StoredPack(pack, header.kind(), bytes, entries(name, bytes));
        } catch (PackDamage damage) {
            throw damage.in(pack);
        }
    }

    /**
     * The same, after all of the pack was read and found to have its name.
     *
     * @throws StorageException DATA_DAMAGED, FORMAT_UNSUPPORTED, BLOB_NOT_FOUND
     */
    public StoredPack wholeDirectory(PackId pack) {
        if (!new PackProof(store, Pace.UNLIMITED).holds(pack)) {
            throw PackDamage.damaged("its bytes do not have its name").in(pack);
        }
        return directory(pack);
    }

    /**
     * The plaintext of one frame in a new buffer, positioned at 0. The caller checks that a chunk in it has the id that was asked for.
     *
     * @param entry the frame, as this pack's directory describes it
     * @throws StorageException DATA_DAMAGED, BLOB_NOT_FOUND
     */
    public ByteBuffer frame(PackId pack, PackEntry entry) {
        return opener.open(sealed(pack, entry), where(pack, entry));
    }

    /**
     * As {@link #frame(PackId, PackEntry)}, but into memory of the caller's.
     *
     * @param plain a direct buffer that has exactly the plaintext's length from position to limit, both of which stay as they are
     */
    public void frame(PackId pack, PackEntry entry, ByteBuffer plain) {
        opener.open(sealed(pack, entry), plain, where(pack, entry));
    }

    /**
     * One frame as it is stored: copied elsewhere it needs no key. Its checksum is checked.
     *
     * @throws StorageException DATA_DAMAGED, BLOB_NOT_FOUND
     */
    public SealedFrame stored(PackId pack, PackEntry entry) {
        SealedFrame frame = sealed(pack, entry);
        if (FrameChecksum.of(frame.stored()) != frame.crc32c()) {
            throw new StorageException(
                    StorageErrorCode.DATA_DAMAGED,
                    "the frame at " + where(pack, entry) + " is damaged: its CRC-32C does not match",
                    "Bring the pack back from a copy of the repository; points that do not use it are not affected.");
        }
        return frame;
    }

    private SealedFrame sealed(PackId pack, PackEntry entry) {
        ByteBuffer stored = store.read(pack.blobName(), entry.offset(), entry.storedLength());
        return new SealedFrame(entry.codec(), stored, entry.plainLength(), entry.crc32c(), entry.chunks());
    }

    private static String where(PackId pack, PackEntry entry) {
        return pack + " offset " + entry.offset();
    }

    private List<PackEntry> entries(String name, long bytes) throws PackDamage {
        int tailBytes = (int) Math.min(bytes, TAIL_BYTES);
        ByteBuffer tail = store.read(name, bytes - tailBytes, tailBytes);
        PackTrailer trailer = PackTrailer.decode(tail.slice(tailBytes - PackTrailer.BYTES, PackTrailer.BYTES), bytes);
        ByteBuffer directory = directory(name, trailer, tail);
        trailer.requireChecksumOf(directory);
        return PackDirectory.decode(directory, trailer.directoryOffset());
    }

    private ByteBuffer directory(String name, PackTrailer trailer, ByteBuffer tail) {
        int start = tail.limit() - PackTrailer.BYTES - trailer.directoryLength();
        return start >= 0
                ? tail.slice(start, trailer.directoryLength())
                : store.read(name, trailer.directoryOffset(), trailer.directoryLength());
    }
}
