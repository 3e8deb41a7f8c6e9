package dev.nightjar.storage.offline;

import java.util.List;

/**
 * What a check has found. Immutable.
 *
 * @param packs how many packs were looked at
 * @param packBytes how long they are together
 * @param bytesRead how much of them was read to the last byte
 * @param chunks how many chunks they hold
 * @param points how many points were walked to their last chunk
 * @param flaws packs and records that are not what was written, or that cannot be read
 * @param unreadable what of which points cannot be read because of that, or because packs are missing
 * @param foreign blobs that are not called as anything in a repository is; no damage
 * @param unproven what could not be checked, and why: sentences for people
 */
public record CheckReport(
        long packs,
        long packBytes,
        long bytesRead,
        long chunks,
        long points,
        List<Flaw> flaws,
        List<UnreadablePart> unreadable,
        List<String> foreign,
        List<String> unproven) {

    /** Copies the lists. */
    public CheckReport {
        flaws = List.copyOf(flaws);
        unreadable = List.copyOf(unreadable);
        foreign = List.copyOf(foreign);
        unproven = List.copyOf(unproven);
    }

    /** Whether something is certainly damaged or missing. Where files cannot be read, what is needed of a point may be in them. */
    public boolean isDamaged() {
        boolean unknown = flaws.stream().anyMatch(Flaw::isUnreadable);
        return flaws.stream().anyMatch(flaw -> !flaw.isUnreadable()) || (!unknown && !unreadable.isEmpty());
    }

    /** Whether everything that was checked is as it was written. */
    public boolean isSound() {
        return flaws.isEmpty() && unreadable.isEmpty();
    }
}
