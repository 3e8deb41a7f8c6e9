package dev.nightjar.service.backup.pull;

import dev.nightjar.nbd.client.NbdClient;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.service.backup.plan.ChunkPlanner;
import dev.nightjar.service.backup.plan.PlanStep;
import dev.nightjar.service.source.OpenExport;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.point.DamagedRanges;
import dev.nightjar.storage.point.DamagedRanges.Range;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks a frozen disk's block status into a plan. The disk does not change, so walking it twice gives the same plan twice: once to
 * know how much there is to do, once to do it, without keeping it. Confined to one thread.
 */
public final class DiskStatus {

    private final NbdClient client;
    private final ChunkSize chunkSize;
    private final List<String> allocation;
    /** Null if everything is dirty. */
    private final @Nullable String dirtyContext;

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
        this.client = export.client();
        this.chunkSize = chunkSize;
        this.allocation = export.allocation() ? List.of(NbdOptions.BASE_ALLOCATION) : List.of();
        this.dirtyContext = incremental ? export.dirtyContext() : null;
        this.doubtful = doubtful;
    }

    /** Walks the whole disk; blocks. The sink is called in this thread and may read from the export. */
    public void walk(Consumer<PlanStep> sink) {
        allocatedBytes = 0;
        dirtyBytes = 0;
        long size = client.export().size();
        ChunkPlanner planner = new ChunkPlanner(size, chunkSize, sink);
        if (size > 0) {
            walk(planner, size);
        }
        planner.finish();
    }

    private void walk(ChunkPlanner planner, long size) {
        if (dirtyContext == null) {
            dirtyBytes = size;
            client.walk(
                    0, size, allocation, extent -> plan(planner, extent.offset(), extent.end(), true, isZero(extent)));
        } else if (client.export().canFilterContexts()) {
            walkDirtyFirst(planner, size, dirtyContext);
        } else {
            walkAtOnce(planner, size, dirtyContext);
        }
    }

    /** Bytes that do not read as zeros, of those that are dirty or doubtful, by the last walk. */
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /** Bytes that the dirty context calls changed, by the last walk; all of them in a full read. */
    public long dirtyBytes() {
        return dirtyBytes;
    }

    /** Asks what is dirty, and of that only what is zero. */
    private void walkDirtyFirst(ChunkPlanner planner, long size, String context) {
        DirtySpans spans = new DirtySpans(size, chunkSize.bytes(), (offset, end, dirty) -> {
            planner.cleanUntil(offset);
            planSpan(planner, offset, end, dirty);
        });
        walk(size, List.of(context), context, (_, offset, end, dirty) -> {
            if (dirty) {
                spans.dirty(offset, end);
            }
        });
        spans.finish();
        planner.cleanUntil(size);
    }

    private void planSpan(ChunkPlanner planner, long offset, long end, List<Range> dirty) {
        Overlaps overlaps = new Overlaps(dirty);
        client.walk(offset, end - offset, allocation, extent -> {
            boolean zero = isZero(extent);
            overlaps.cut(extent.offset(), extent.end(), (from, to, inside) -> plan(planner, from, to, inside, zero));
        });
    }

    /** Asks for both, as a server answers that cannot leave out one of them. */
    private void walkAtOnce(ChunkPlanner planner, long size, String context) {
        walk(
                size,
                client.export().contexts(),
                context,
                (extent, offset, end, dirty) -> plan(planner, offset, end, dirty, isZero(extent)));
    }

    private void walk(long size, Collection<String> contexts, String context, DirtySink sink) {
        Overlaps doubts = new Overlaps(doubtful.ranges());
        client.walk(0, size, contexts, extent -> {
            if ((extent.status(context) & OpenExport.DIRTY) != 0) {
                dirtyBytes += extent.length();
                sink.piece(extent, extent.offset(), extent.end(), true);
            } else {
                doubts.cut(extent.offset(), extent.end(), (from, to, inside) -> sink.piece(extent, from, to, inside));
            }
        });
    }

    private boolean isZero(Extent extent) {
        return !allocation.isEmpty() && (extent.status(NbdOptions.BASE_ALLOCATION) & OpenExport.ZERO) != 0;
    }

    private void plan(ChunkPlanner planner, long offset, long end, boolean dirty, boolean zero) {
        allocatedBytes += dirty && !zero ? end - offset : 0;
        planner.extent(offset, end - offset, dirty, zero);
    }

    /** Takes what is known of a part of an extent. */
    @FunctionalInterface
    private interface DirtySink {
        void piece(Extent extent, long offset, long end, boolean dirty);
    }
}
