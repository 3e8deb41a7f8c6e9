package dev.nightjar.service.backup.pull;

import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.service.backup.plan.ChunkPlanner;
import dev.nightjar.service.backup.plan.PlanStep;
import dev.nightjar.service.source.OpenExport;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.point.DamagedRanges;
import java.util.function.Consumer;

/**
 * Walks a frozen disk's block status into a plan. The disk does not change, so walking it twice gives the same plan twice: once to
 * know how much there is to do, once to do it, without keeping it. Confined to one thread.
 */
public final class DiskStatus {

    private final OpenExport export;
    private final ChunkSize chunkSize;
    private final boolean incremental;
    private final DamagedRanges doubtful;

    private long allocatedBytes;
    private long dirtyBytes;

    /**
     * The status of one disk.
     *
     * @param incremental whether to believe the dirty context; without it everything is dirty
     * @param doubtful what the previous point could not read: dirty in any case, for another try
     * @throws IllegalArgumentException if it is to be believed and was not granted
     */
    public DiskStatus(OpenExport export, ChunkSize chunkSize, boolean incremental, DamagedRanges doubtful) {
        if (incremental && export.dirtyContext() == null) {
            throw new IllegalArgumentException("an increment needs a dirty context");
        }
        this.export = export;
        this.chunkSize = chunkSize;
        this.incremental = incremental;
        this.doubtful = doubtful;
    }

    /** Walks the whole disk; blocks. The sink is called in this thread and may read from the export. */
    public void walk(Consumer<PlanStep> sink) {
        long size = export.client().export().size();
        ChunkPlanner planner = new ChunkPlanner(size, chunkSize, sink);
        allocatedBytes = 0;
        dirtyBytes = 0;
        if (size > 0) {
            export.client().walk(0, size, extent -> accept(planner, extent));
        }
        planner.finish();
    }

    /** Bytes that do not read as zeros, by the last walk. */
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /** Bytes that the dirty context calls changed, by the last walk; all of them in a full read. */
    public long dirtyBytes() {
        return dirtyBytes;
    }

    private void accept(ChunkPlanner planner, Extent extent) {
        boolean zero = export.allocation() && (extent.status(NbdOptions.BASE_ALLOCATION) & OpenExport.ZERO) != 0;
        boolean dirty = !incremental || (extent.status(dirtyContext()) & OpenExport.DIRTY) != 0;
        allocatedBytes += zero ? 0 : extent.length();
        dirtyBytes += dirty ? extent.length() : 0;
        if (dirty || doubtful.isEmpty()) {
            planner.extent(extent.offset(), extent.length(), dirty, zero);
        } else {
            cleanButForDoubtful(planner, extent, zero);
        }
    }

    private void cleanButForDoubtful(ChunkPlanner planner, Extent extent, boolean zero) {
        long at = extent.offset();
        for (DamagedRanges.Range range : doubtful.ranges()) {
            long from = Math.max(at, range.offset());
            long to = Math.min(extent.end(), range.end());
            if (from < to) {
                plan(planner, at, from, false, zero);
                plan(planner, from, to, true, zero);
                at = to;
            }
        }
        plan(planner, at, extent.end(), false, zero);
    }

    private static void plan(ChunkPlanner planner, long from, long to, boolean dirty, boolean zero) {
        if (from < to) {
            planner.extent(from, to - from, dirty, zero);
        }
    }

    private String dirtyContext() {
        String context = export.dirtyContext();
        if (context == null) {
            throw new IllegalStateException("checked when it was made");
        }
        return context;
    }
}
