package dev.nightjar.service.backup.plan;

import dev.nightjar.service.backup.plan.PlanStep.Action;
import dev.nightjar.storage.chunk.ChunkSize;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns extents of a disk, from front to back and without gaps, into steps over whole chunks, from front to back and without gaps;
 * neighbours with the same action are one step. Memory does not depend on the disk. Confined to one thread.
 *
 * <pre>
 *   extents   |--clean--|---dirty, data---|--dirty, zero--------------|--clean, data---|
 *   chunks    |     .     :     .     :     .     :     .     :     .     :     .     |
 *   steps     |KEEP |READ                   |ZERO             |READ |KEEP             |
 * </pre>
 *
 * Dirty is rounded outward to whole chunks, so that a chunk is never patched together from two instants. A chunk of which any byte
 * may be data is read as a whole; one that is zero from end to end is recorded as zeros, which also covers what the guest
 * discarded.
 */
public final class ChunkPlanner {

    private final long sizeBytes;
    private final int chunkBytes;
    private final Consumer<PlanStep> sink;

    private long next;
    private boolean chunkDirty;
    private boolean chunkData;
    private @Nullable PlanStep pending;

    /**
     * A plan for one disk.
     *
     * @param sizeBytes the disk's size
     * @param sink takes the steps as they become certain
     */
    public ChunkPlanner(long sizeBytes, ChunkSize chunkSize, Consumer<PlanStep> sink) {
        this.sizeBytes = sizeBytes;
        this.chunkBytes = chunkSize.bytes();
        this.sink = sink;
    }

    /**
     * Takes the next extent.
     *
     * @param length bytes, at least one
     * @param dirty whether the previous point's content is not to be trusted there
     * @param zero whether it reads as zeros
     * @throws IllegalArgumentException if it does not begin where the last one ended, or leaves the disk
     */
    public void extent(long offset, long length, boolean dirty, boolean zero) {
        if (offset != next || length <= 0 || length > sizeBytes - offset) {
            throw new IllegalArgumentException(
                    "extent %d+%d does not follow %d on a disk of %d bytes".formatted(offset, length, next, sizeBytes));
        }
        long end = offset + length;
        while (next < end) {
            long chunkStart = next - next % chunkBytes;
            boolean whole = next == chunkStart;
            long lastWhole = end == sizeBytes ? end : end - end % chunkBytes;
            if (whole && lastWhole > next) {
                emit(action(dirty, !zero), next, lastWhole - next);
                next = lastWhole;
            } else {
                next = part(chunkStart, end, dirty, zero);
            }
        }
    }

    /** Takes what lies between the last extent and this offset as clean. */
    public void cleanUntil(long offset) {
        if (offset > next) {
            extent(next, offset - next, false, false);
        }
    }

    /**
     * Ends the plan: the last step goes to the sink.
     *
     * @throws IllegalStateException if the extents ended before the disk
     */
    public void finish() {
        if (next != sizeBytes) {
            throw new IllegalStateException("the extents end at " + next + " of " + sizeBytes + " bytes");
        }
        if (pending != null) {
            sink.accept(pending);
            pending = null;
        }
    }

    // A chunk that more than one extent covers collects what they say until its last byte is known.
    private long part(long chunkStart, long end, boolean dirty, boolean zero) {
        long chunkEnd = Math.min(sizeBytes - chunkStart, chunkBytes) + chunkStart;
        chunkDirty |= dirty;
        chunkData |= !zero;
        if (end < chunkEnd) {
            return end;
        }
        emit(action(chunkDirty, chunkData), chunkStart, chunkEnd - chunkStart);
        chunkDirty = false;
        chunkData = false;
        return chunkEnd;
    }

    private static Action action(boolean dirty, boolean data) {
        if (!dirty) {
            return Action.KEEP;
        }
        return data ? Action.READ : Action.ZERO;
    }

    private void emit(Action action, long offset, long length) {
        if (pending != null && pending.action() == action) {
            pending = new PlanStep(action, pending.offset(), pending.length() + length);
            return;
        }
        if (pending != null) {
            sink.accept(pending);
        }
        pending = new PlanStep(action, offset, length);
    }
}
