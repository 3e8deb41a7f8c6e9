package dev.nightjar.service.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a run did with one disk, in bytes.
 *
 * @param name the disk
 * @param mode whether all of it was read or what changed
 * @param reason why all of it was read; null for an increment
 * @param sizeBytes its virtual size
 * @param allocatedBytes what its export reports as data; in an increment of what was dirty only, as it is not asked about the rest
 * @param dirtyBytes what the bitmap reports as changed; for a full read the size
 * @param readBytes read from the export
 * @param zeroBytes recorded as zeros
 * @param newBytes content that the repository did not have
 * @param deduplicatedBytes content that it had
 * @param storedBytes written to packs
 * @param damagedBytes could not be read, in this run or, where nothing was read again, in the parent's
 * @param pointId the recovery point; null until it is committed
 */
public record RunDisk(
        String name,
        Mode mode,
        @Nullable FullReason reason,
        long sizeBytes,
        long allocatedBytes,
        long dirtyBytes,
        long readBytes,
        long zeroBytes,
        long newBytes,
        long deduplicatedBytes,
        long storedBytes,
        long damagedBytes,
        @Nullable UUID pointId) {

    /** How a disk is read. */
    public enum Mode {
        /** All that is allocated. */
        FULL,
        /** What a trusted bitmap calls dirty. */
        INCREMENTAL
    }

    /**
     * Why a disk was read in full.
     *
     * @param code the stable name, such as NO_PARENT
     * @param message the reason in words
     */
    public record FullReason(String code, String message) {}
}
