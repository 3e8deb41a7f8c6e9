package dev.nightjar.nbd.server.transmission;

import dev.nightjar.nbd.protocol.BlockStatusWriter;
import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.server.export.ServedDisk.StatusSink;

/**
 * Turns a disk's extents into the payload of one context: neighbours of equal status become one extent, clipped at the export's end.
 * It has had enough when the range is covered, the descriptors are used up, or the memory is: a shorter answer is always allowed.
 *
 * <pre>
 *   requested      |-----------------------|
 *   disk       ... |==A==|==A==|=====B=====|==B==|   the last extent may run on
 *   sent           |=====A=====|========B========|
 *   with REQ_ONE   |=====A=====|                     one extent, no longer than requested
 * </pre>
 */
final class StatusCollector implements StatusSink {

    /** What is taken from the budget at a time, in bytes of payload. */
    static final int STEP = 64 * 1024;

    /** The longest extent that compact headers carry and that is a multiple of any minimum block. */
    private static final long COMPACT_LONGEST = (1L << 32) - Limits.MINIMUM_BLOCK_BYTES;

    private final BlockStatusWriter writer;
    private final Reservation memory;
    private final ReplyMode mode;
    private final int mostDescriptors;
    private final int descriptorBytes;
    /** Where the range ends, and up to where extents may be told, from its begin. */
    private final long wanted;

    private final long end;

    private long seen;
    private long length;
    private long status;
    private long reserved;
    private boolean full;

    /**
     * A range's collector.
     *
     * @param wanted length of the range
     * @param end from the range's begin up to where extents may reach
     */
    StatusCollector(BlockStatusWriter writer, Reservation memory, ReplyMode mode, int most, long wanted, long end) {
        this.writer = writer;
        this.memory = memory;
        this.mode = mode;
        this.mostDescriptors = most;
        this.descriptorBytes = BlockStatusWriter.descriptorBytes(mode);
        this.wanted = wanted;
        this.end = end;
    }

    @Override
    public boolean extent(long extentLength, long extentStatus) {
        if (extentLength <= 0) {
            throw new IllegalArgumentException("an extent of " + extentLength + " bytes");
        }
        if (full || seen >= wanted) {
            return false;
        }
        long clipped = Math.min(extentLength, end - seen);
        if (length > 0 && status != extentStatus) {
            write();
        }
        if (full) {
            return false;
        }
        status = extentStatus;
        length += clipped;
        seen += clipped;
        return seen < wanted;
    }

    /** The last extent. Without any, the disk has told nothing. */
    void finish() {
        if (length > 0) {
            write();
        }
        if (writer.count() == 0) {
            throw new IllegalStateException("the disk told no extent");
        }
        writer.finish();
    }

    private void write() {
        while (!mode.extendedHeaders() && length > 0xffff_ffffL && !full) {
            descriptor(COMPACT_LONGEST);
            length -= COMPACT_LONGEST;
        }
        if (!full) {
            descriptor(length);
        }
        length = 0;
    }

    private void descriptor(long bytes) {
        if (!mode.extendedHeaders() && (status >>> 32) != 0) {
            throw new RefusedRequestException(RequestRule.STATUS_TOO_WIDE);
        }
        writer.add(bytes, status);
        long written = (long) writer.count() * descriptorBytes;
        if (writer.count() == mostDescriptors) {
            full = true;
        } else if (written + descriptorBytes > reserved + STEP) {
            // The first step is held by the request from the start.
            full = !memory.grow(STEP);
            reserved += STEP;
        }
    }
}
