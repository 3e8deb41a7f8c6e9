package dev.nightjar.service.backup;

import dev.nightjar.service.source.FullReadReason;
import dev.nightjar.service.source.SourceDisk;
import dev.nightjar.service.source.SourceSpec;
import dev.nightjar.service.source.SourceSpec.NbdDisk;
import dev.nightjar.service.source.SourceSpec.NbdSource;
import dev.nightjar.service.source.SourceSpec.QmpSource;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.point.PointRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The point that a disk's new one follows, and whether an increment on it is possible as far as points can tell.
 *
 * @param point the point before; null without one
 * @param orphaned whether the machine had a checkpoint whose point is gone
 * @param reason why everything has to be read; null if an increment is possible
 */
record DiskParent(
        @Nullable PointRecord point,
        boolean orphaned,
        @Nullable FullReadReason reason) {

    /** Looks a disk's parent up. */
    static DiskParent of(
            SourceDisk disk,
            BackedUpMachine machine,
            BackupRequest request,
            PointHistory history,
            ChunkSize chunkSize) {
        PointRecord newest = history.newest(machine.id(), disk.name()).orElse(null);
        UUID set = request.bitmapSince();
        boolean managed = machine.source() instanceof QmpSource;
        PointRecord parent = managed || set == null
                ? newest
                : history.ofSet(set, machine.id(), disk.name()).orElse(null);
        FullReadReason reason;
        if (request.full()) {
            reason = FullReadReason.REQUESTED;
        } else if (managed) {
            reason = managedReason(disk, parent);
        } else {
            reason = externalReason(machine.source(), disk, set, parent);
        }
        if (reason == null && parent != null && !sameChunks(parent, chunkSize)) {
            reason = FullReadReason.CHUNK_SIZE_CHANGED;
        }
        return new DiskParent(parent == null ? newest : parent, disk.orphaned(), reason);
    }

    /** The reason that counts, after the source and the server have had their say. */
    @Nullable
    FullReadReason reason(@Nullable FullReadReason source, boolean granted, long sizeBytes) {
        if (reason != null) {
            return reason;
        }
        if (source != null) {
            // A younger checkpoint was there: the point that it belonged to was deleted.
            return source == FullReadReason.BITMAP_MISSING && orphaned ? FullReadReason.PARENT_MISSING : source;
        }
        if (point == null || point.sizeBytes() != sizeBytes) {
            return FullReadReason.SIZE_CHANGED;
        }
        return granted ? null : FullReadReason.CONTEXT_NOT_GRANTED;
    }

    private static @Nullable FullReadReason managedReason(SourceDisk disk, @Nullable PointRecord parent) {
        if (parent == null) {
            return disk.orphaned() ? FullReadReason.PARENT_MISSING : FullReadReason.NO_PARENT;
        }
        return parent.checkpoint() == null ? FullReadReason.BITMAP_MISSING : null;
    }

    private static @Nullable FullReadReason externalReason(
            SourceSpec source, SourceDisk disk, @Nullable UUID set, @Nullable PointRecord parent) {
        boolean bitmap = source instanceof NbdSource nbd
                && nbd.disks().stream().anyMatch(each -> each.name().equals(disk.name()) && hasBitmap(each));
        if (set != null && parent == null) {
            return FullReadReason.PARENT_MISSING;
        }
        if (parent == null) {
            return FullReadReason.NO_PARENT;
        }
        if (!bitmap) {
            return FullReadReason.NO_BITMAP;
        }
        return set == null ? FullReadReason.BITMAP_ORIGIN_UNKNOWN : null;
    }

    private static boolean hasBitmap(NbdDisk disk) {
        String bitmap = disk.dirtyBitmap();
        return bitmap != null && !bitmap.isEmpty();
    }

    private static boolean sameChunks(PointRecord parent, ChunkSize chunkSize) {
        return parent.root().chunkCount() == chunkSize.count(parent.sizeBytes());
    }
}
