package dev.nightjar.storage.pack;

import java.util.List;

/**
 * The frames of a pack that may be damaged, as far as they are known. Immutable.
 *
 * @param frames in the order of their offsets
 * @param certain whether the directory that names them has its checksum
 */
public record KnownFrames(List<PackEntry> frames, boolean certain) {

    /** Nothing is known. */
    static final KnownFrames NONE = new KnownFrames(List.of(), false);

    /** Copies the list. */
    public KnownFrames {
        frames = List.copyOf(frames);
    }
}
