package dev.nightjar.service.source.qmp;

import dev.nightjar.service.source.FullReadReason;
import dev.nightjar.storage.point.Checkpoint;
import org.jspecify.annotations.Nullable;

/** Whether a checkpoint can be believed, and what tells one from another of the same name. */
final class CheckpointCheck {

    private CheckpointCheck() {}

    /** The checkpoint that a bitmap of these properties is. */
    static Checkpoint checkpoint(String name, int granularityBytes, boolean persistent) {
        return new Checkpoint(name, identity(granularityBytes, persistent));
    }

    /**
     * Why the changes since a checkpoint cannot be known, or null if they can.
     *
     * @param node the disk as it is now
     * @param wanted what the recovery point names
     */
    static @Nullable FullReadReason doubt(BlockNode node, Checkpoint wanted) {
        DirtyBitmap bitmap = node.bitmap(wanted.name());
        if (bitmap == null) {
            return FullReadReason.BITMAP_MISSING;
        }
        if (bitmap.inconsistent()) {
            return FullReadReason.BITMAP_INCONSISTENT;
        }
        if (!bitmap.recording()) {
            return FullReadReason.BITMAP_NOT_RECORDING;
        }
        // Somebody who exports or merges it right now treats it as theirs; it could not be read either.
        boolean ours = identity(bitmap.granularityBytes(), bitmap.persistent()).equals(wanted.identity());
        return ours && !bitmap.busy() ? null : FullReadReason.BITMAP_FOREIGN;
    }

    private static String identity(int granularityBytes, boolean persistent) {
        return "granularity=" + granularityBytes + ";" + (persistent ? "persistent" : "transient");
    }
}
