package dev.nightjar.service.point;

import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.point.CaptureMode;
import dev.nightjar.storage.point.Checkpoint;
import dev.nightjar.storage.point.PointRecord;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recovery point, as the API shows it.
 *
 * @param id the point
 * @param repositoryId where it is
 * @param setId the set of points taken at the same instant
 * @param runId the run that took it
 * @param machineId whose; the machine may be gone
 * @param machineName what the machine was called
 * @param disk the disk's name
 * @param instant the moment whose content this is
 * @param sizeBytes the disk's size
 * @param consistency what is known about the guest's state
 * @param mode whether all of it was read or what changed
 * @param state always COMPLETE: what is not complete is no point
 * @param parentId the point it was built on; it may be gone, nothing depends on it
 * @param checkpoint the bitmap that records since this instant
 * @param readBytes read from the export
 * @param storedBytes written to packs for it
 * @param newBytes content that the repository did not have
 * @param damagedBytes how much of the disk could not be read; it is zeros here
 * @param damaged where, ascending
 * @param rootId fingerprint of the whole content
 * @param lockedUntil nobody can delete it before; null if it is not locked
 * @param copied whether it was copied here from another repository
 */
@Schema(name = "Point")
public record PointView(
        UUID id,
        UUID repositoryId,
        UUID setId,
        UUID runId,
        UUID machineId,
        String machineName,
        String disk,
        Instant instant,
        long sizeBytes,
        String consistency,
        CaptureMode mode,
        State state,
        @Nullable UUID parentId,
        @Nullable String checkpoint,
        long readBytes,
        long storedBytes,
        long newBytes,
        long damagedBytes,
        List<DamagedRange> damaged,
        String rootId,
        @Nullable Instant lockedUntil,
        boolean copied) {

    /** Keeps a copy of the ranges. */
    public PointView {
        damaged = List.copyOf(damaged);
    }

    /**
     * A range of the disk.
     *
     * @param offset in bytes
     * @param length bytes
     */
    public record DamagedRange(long offset, long length) {}

    /** Where a point stands. */
    public enum State {
        /** Restores byte for byte, but for what could not be read. */
        COMPLETE
    }

    /** The record as the API shows it. */
    static PointView of(PointRecord record, UUID repository, @Nullable Instant lockedUntil) {
        Checkpoint checkpoint = record.checkpoint();
        return new PointView(
                record.id(),
                repository,
                record.setId(),
                record.runId(),
                record.machineId(),
                record.machineName(),
                record.diskName(),
                record.instant(),
                record.sizeBytes(),
                record.consistency(),
                record.mode(),
                State.COMPLETE,
                record.parentId(),
                checkpoint == null ? null : checkpoint.name(),
                record.totals().readBytes(),
                record.totals().storedBytes(),
                record.totals().newBytes(),
                record.damaged().bytes(),
                record.damaged().ranges().stream()
                        .map(range -> new DamagedRange(range.offset(), range.length()))
                        .toList(),
                rootId(record),
                lockedUntil,
                record.copiedFrom() != null);
    }

    /** The fingerprint of a point's content; equal content of equal size has an equal one. */
    public static String rootId(PointRecord record) {
        ChunkId node = record.root().node();
        return node == null ? "zero" : node.hex();
    }
}
