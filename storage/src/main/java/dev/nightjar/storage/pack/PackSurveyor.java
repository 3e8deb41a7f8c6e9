package dev.nightjar.storage.pack;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.seal.FrameChecksum;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is wrong with a pack that is not what its name says, and what in it is still as it was written: by checksums alone, so it takes no key. Thread-safe as far as the
 * pace is.
 *
 * <p>What keeps the whole store from being read is thrown; what keeps some bytes of the pack from being read is a flaw of the pack.
 */
public final class PackSurveyor {

    private final BlobStore store;
    private final UUID repositoryId;
    private final Pace pace;

    /** Surveys packs of one repository. */
    public PackSurveyor(BlobStore store, UUID repositoryId, Pace pace) {
        this.store = store;
        this.repositoryId = repositoryId;
        this.pace = pace;
    }

    /**
     * Surveys a pack; empty if it is what its name says, as it may be after a read that went wrong.
     *
     * @param kind what its chunks are
     * @param writtenBytes its length when it was written
     * @throws StorageException what the store says, unless that concerns the pack alone
     */
    public Optional<PackSurvey> survey(PackId pack, ChunkKind kind, long writtenBytes) {
        String blob = pack.blobName();
        try {
            PackSurvey survey = survey(blob, kind, writtenBytes, store.size(blob));
            return pack.equals(survey.actual()) ? Optional.empty() : Optional.of(survey);
        } catch (StorageException e) {
            return switch (e.code()) {
                case BLOB_NOT_FOUND -> Optional.of(PackSurvey.missing());
                // Not even its length can be had.
                case REPOSITORY_IO_ERROR -> Optional.of(PackSurvey.unreadable());
                default -> throw e;
            };
        }
    }

    /**
     * The frames of a blob that is a pack, or was one, by its end alone; none if that cannot be told.
     *
     * @throws StorageException BLOB_NOT_FOUND, or what the store says, unless that concerns the blob alone
     */
    public KnownFrames frames(String blob) {
        return frames(blob, store.size(blob), EnumSet.noneOf(PackFlaw.class));
    }

    /** The bytes of a frame, or null if they are not what was written. */
    public @Nullable ByteBuffer stored(String blob, PackEntry frame) {
        return stored(blob, frame, EnumSet.noneOf(PackFlaw.class));
    }

    private PackSurvey survey(String pack, ChunkKind kind, long writtenBytes, long bytes) {
        Set<PackFlaw> flaws = EnumSet.noneOf(PackFlaw.class);
        PackId actual = actual(pack, flaws);
        if (bytes != writtenBytes) {
            flaws.add(PackFlaw.LENGTH);
        }
        surveyHeader(pack, kind, bytes, flaws);
        KnownFrames directory = frames(pack, Math.min(bytes, writtenBytes), flaws);
        List<PackEntry> sound = new ArrayList<>();
        List<PackEntry> broken = new ArrayList<>();
        for (PackEntry frame : directory.frames()) {
            (stored(pack, frame, flaws) == null ? broken : sound).add(frame);
        }
        if (!broken.isEmpty()) {
            flaws.add(PackFlaw.FRAMES);
        }
        if (flaws.isEmpty()) {
            // Every byte of a pack is under some checksum, and all of them hold.
            flaws.add(PackFlaw.OTHER_PACK);
        }
        return new PackSurvey(flaws, actual, sound, broken, directory.certain());
    }

    private @Nullable PackId actual(String pack, Set<PackFlaw> flaws) {
        try {
            return new PackProof(store, pace).of(pack);
        } catch (StorageException e) {
            requireAboutThisPack(e, flaws);
            return null;
        }
    }

    private void surveyHeader(String pack, ChunkKind kind, long bytes, Set<PackFlaw> flaws) {
        try {
            PackHeader header = PackHeader.decode(store.read(pack, 0, (int) Math.min(bytes, PackHeader.BYTES)));
            if (header.kind() != kind || !header.repositoryId().equals(repositoryId)) {
                flaws.add(PackFlaw.OTHER_PACK);
            }
        } catch (PackDamage e) {
            flaws.add(PackFlaw.HEADER);
        } catch (StorageException e) {
            requireAboutThisPack(e, flaws);
            flaws.add(PackFlaw.HEADER);
        }
    }

    private KnownFrames frames(String pack, long end, Set<PackFlaw> flaws) {
        int length = (int) Math.min(end, PackTrailer.MAX_DIRECTORY_BYTES + PackTrailer.BYTES);
        try {
            pace.beforeReading(length);
            return PackEnd.survey(store.read(pack, end - length, length), end, flaws);
        } catch (StorageException e) {
            requireAboutThisPack(e, flaws);
            flaws.add(PackFlaw.DIRECTORY);
            return KnownFrames.NONE;
        }
    }

    private @Nullable ByteBuffer stored(String pack, PackEntry frame, Set<PackFlaw> flaws) {
        try {
            pace.beforeReading(frame.storedLength());
            ByteBuffer stored = store.read(pack, frame.offset(), frame.storedLength());
            return FrameChecksum.of(stored) == frame.crc32c() ? stored : null;
        } catch (StorageException e) {
            requireAboutThisPack(e, flaws);
            return null;
        }
    }

    /** A device that fails at some bytes, and a blob that ends too early, say something of the pack; all else says something of the store. */
    private static void requireAboutThisPack(StorageException e, Set<PackFlaw> flaws) {
        switch (e.code()) {
            case REPOSITORY_IO_ERROR -> flaws.add(PackFlaw.UNREADABLE);
            case DATA_DAMAGED -> flaws.add(PackFlaw.LENGTH);
            default -> throw e;
        }
    }
}
