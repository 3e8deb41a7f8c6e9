package dev.nightjar.storage.point;

import dev.nightjar.storage.map.MapRoot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one recovery point: whose disk, when, and the map root that is its content. Immutable.
 *
 * @param id the point
 * @param setId the set of points taken at the same instant of one machine
 * @param runId the run that took it
 * @param machineId the machine
 * @param machineName the machine's name when the point was taken
 * @param diskName the disk's name within the machine
 * @param instant the moment whose content this is, in whole microseconds
 * @param sizeBytes the disk's size
 * @param root the content
 * @param consistency what is known about the guest's state, for example {@code CRASH}
 * @param mode how the content was found out
 * @param checkpoint the bitmap that records since {@code instant}, or null if none does
 * @param parentId the point that this one was built on, or null
 * @param totals what taking it moved
 * @param damaged where the disk could not be read
 * @param copiedFrom the repository that the point was copied from, or null if it was taken here; all other facts but the root are the original's
 */
public record PointRecord(
        UUID id,
        UUID setId,
        UUID runId,
        UUID machineId,
        String machineName,
        String diskName,
        Instant instant,
        long sizeBytes,
        MapRoot root,
        String consistency,
        CaptureMode mode,
        @Nullable Checkpoint checkpoint,
        @Nullable UUID parentId,
        PointTotals totals,
        DamagedRanges damaged,
        @Nullable UUID copiedFrom) {

    /** The encoding that this release writes; it reads the earlier ones too. */
    public static final int FORMAT_VERSION = 3;

    /** The consistency of a point that was made of what somebody wrote to a served point: the machine's own disk never was so. */
    public static final String KEPT = "KEPT";

    /** Cuts the instant to what record and catalog keep. */
    public PointRecord {
        instant = instant.truncatedTo(ChronoUnit.MICROS);
    }

    /** Whether it was taken of the machine's disk. */
    public boolean isCaptured() {
        return !consistency.equals(KEPT);
    }

    /**
     * Whether later changes of the machine's disk can count from it. Never from a copy: its checkpoint goes with the original, which may be gone or followed by others that
     * this repository does not know.
     */
    public boolean startsIncrements() {
        return isCaptured() && copiedFrom == null;
    }

    /** The same point in another repository, where the same content has another root. */
    public PointRecord copy(MapRoot rootThere, UUID from) {
        return new PointRecord(
                id,
                setId,
                runId,
                machineId,
                machineName,
                diskName,
                instant,
                sizeBytes,
                rootThere,
                consistency,
                mode,
                checkpoint,
                parentId,
                totals,
                damaged,
                from);
    }
}
