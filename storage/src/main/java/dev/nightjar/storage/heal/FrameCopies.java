package dev.nightjar.storage.heal;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.KnownFrames;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackSurveyor;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where else in the repository frames lie that hold wanted chunks: in packs that are condemned, and in what the trash has. By directories alone; a frame is read and checked when it
 * is asked for. Used by one thread. Memory: about 200 bytes for each copy of a wanted chunk.
 */
final class FrameCopies {

    private final PackSurveyor surveyor;
    private final @Nullable FrameVerifier verifier;
    private final Map<ChunkKey, List<Place>> places = new HashMap<>();

    private record Place(String blob, PackEntry frame, boolean certain) {}

    /**
     * Knows nothing yet.
     *
     * @param verifier null without the key: then frames of packs whose directory is doubtful are of no use
     */
    FrameCopies(PackSurveyor surveyor, @Nullable FrameVerifier verifier) {
        this.surveyor = surveyor;
        this.verifier = verifier;
    }

    /** Looks which of the wanted chunks lie in these blobs, which may be packs, or have been. */
    void index(Collection<String> blobs, Set<ChunkKey> wanted) {
        for (String blob : blobs) {
            KnownFrames known = frames(blob);
            if (known == null || !(known.certain() || verifier != null)) {
                continue;
            }
            for (PackEntry frame : known.frames()) {
                for (ChunkRef chunk : frame.chunks()) {
                    ChunkKey key = ChunkKey.of(chunk.id());
                    if (wanted.contains(key)) {
                        places.computeIfAbsent(key, _ -> new ArrayList<>(1))
                                .add(new Place(blob, frame, known.certain()));
                    }
                }
            }
        }
    }

    /** A sound frame that holds a chunk. */
    Optional<SealedFrame> find(ChunkKey key, ChunkKind kind) {
        for (Place place : places.getOrDefault(key, List.of())) {
            Optional<SealedFrame> frame = read(place.blob, place.frame, place.certain, kind);
            if (frame.isPresent()) {
                return frame;
            }
        }
        return Optional.empty();
    }

    /** A frame as it was written; empty if it is not that any more, or if nobody can tell. */
    Optional<SealedFrame> read(String blob, PackEntry entry, boolean certain, ChunkKind kind) {
        try {
            ByteBuffer stored = surveyor.stored(blob, entry);
            if (stored == null) {
                return Optional.empty();
            }
            SealedFrame frame =
                    new SealedFrame(entry.codec(), stored, entry.plainLength(), entry.crc32c(), entry.chunks());
            boolean sound = certain || (verifier != null && verifier.holds(frame, kind));
            return sound ? Optional.of(frame) : Optional.empty();
        } catch (StorageException e) {
            return gone(e);
        }
    }

    private @Nullable KnownFrames frames(String blob) {
        try {
            return surveyor.frames(blob);
        } catch (StorageException e) {
            gone(e);
            return null;
        }
    }

    /** What lies in the trash may be deleted at any time, and the device may fail there too. */
    private static Optional<SealedFrame> gone(StorageException e) {
        if (e.code().isOfOneBlob()) {
            return Optional.empty();
        }
        throw e;
    }
}
