package dev.nightjar.storage.pack;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of a pack that is not what its name says. Immutable.
 *
 * @param flaws what is wrong, never empty
 * @param actual the hash of its bytes as they are; null if they cannot be read to the end
 * @param sound the frames whose bytes have their checksum
 * @param broken the frames whose bytes do not, or cannot be read
 * @param certain whether the frames are known from a directory that has its checksum; if not, a frame's chunks may have other ids than it says
 */
public record PackSurvey(
        Set<PackFlaw> flaws, @Nullable PackId actual, List<PackEntry> sound, List<PackEntry> broken, boolean certain) {

    /** Copies the collections. */
    public PackSurvey {
        flaws = Set.copyOf(EnumSet.copyOf(flaws));
        sound = List.copyOf(sound);
        broken = List.copyOf(broken);
    }

    /** A pack of which there is nothing. */
    static PackSurvey missing() {
        return new PackSurvey(EnumSet.of(PackFlaw.MISSING), null, List.of(), List.of(), false);
    }

    /** A pack of which nothing can be read. */
    static PackSurvey unreadable() {
        EnumSet<PackFlaw> flaws = EnumSet.of(PackFlaw.UNREADABLE, PackFlaw.DIRECTORY);
        return new PackSurvey(flaws, null, List.of(), List.of(), false);
    }

    /** Whether no chunk of the pack can be read where the catalog says. */
    public boolean spoilsEverything() {
        return flaws.stream().anyMatch(PackFlaw::spoilsEverything);
    }
}
