package dev.nightjar.nbd.client.extent;

import dev.nightjar.nbd.client.extent.StatusSource.StatusReply.Statuses;
import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lays the contexts of one reply side by side and cuts where any of them changes. */
final class StatusMerge {

    private final List<String> names;
    private final long[] status;

    StatusMerge(Collection<String> contexts) {
        names = List.copyOf(contexts);
        status = new long[names.size()];
    }

    /** Contexts in the order of the rows. */
    List<String> names() {
        return names;
    }

    /** Adds what all contexts cover to the run; returns how many bytes that is, more than 0 and at most what was wanted. */
    long into(ExtentRun run, long at, long want, Statuses reply) {
        Row[] rows = rows(reply);
        long covered = want;
        for (Row row : rows) {
            covered = Math.min(covered, coverage(at, row.extents));
        }
        for (long position = 0; position < covered; ) {
            long next = covered;
            for (int i = 0; i < rows.length; i++) {
                status[i] = rows[i].statusAt(position);
                next = Math.min(next, rows[i].end);
            }
            run.add(at + position, next - position, status);
            position = next;
        }
        return covered;
    }

    private Row[] rows(Statuses reply) {
        @Nullable Row[] found = new @Nullable Row[names.size()];
        Set<Long> seen = new HashSet<>();
        for (BlockStatus chunk : reply.chunks()) {
            String name = reply.contexts().get(chunk.contextId());
            if (name == null) {
                throw new ViolationException(Violation.STATUS_CONTEXT_UNKNOWN, "context id " + chunk.contextId());
            }
            if (!seen.add(chunk.contextId())) {
                throw new ViolationException(Violation.STATUS_CONTEXT_DOUBLED, name + " came twice");
            }
            int row = names.indexOf(name);
            if (row >= 0) {
                found[row] = new Row(chunk);
            }
        }
        Row[] rows = new Row[found.length];
        for (int i = 0; i < found.length; i++) {
            Row row = found[i];
            if (row == null) {
                throw new ViolationException(Violation.STATUS_CONTEXT_MISSING, names.get(i) + " is missing");
            }
            rows[i] = row;
        }
        return rows;
    }

    private static long coverage(long at, BlockStatus extents) {
        long end = at;
        for (int i = 0; i < extents.count(); i++) {
            long length = extents.length(i);
            if (length == 0) {
                throw new ViolationException(Violation.STATUS_EXTENT_EMPTY, "at offset " + end);
            }
            if (length < 0 || end + length < 0) {
                throw new ViolationException(
                        Violation.STATUS_OVERFLOW,
                        "%s bytes at offset %d".formatted(Long.toUnsignedString(length), end));
            }
            end += length;
        }
        if (end == at) {
            throw new ViolationException(Violation.STATUS_COUNT, "no extent at offset " + at);
        }
        return end - at;
    }

    /** One context's extents and a place in them. */
    private static final class Row {
        private final BlockStatus extents;
        private int index = -1;
        private long end;

        Row(BlockStatus extents) {
            this.extents = extents;
        }

        long statusAt(long position) {
            while (end <= position) {
                index++;
                end += extents.length(index);
            }
            return extents.status(index);
        }
    }
}
