package dev.nightjar.nbd.client.extent;

import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.BlockStatus.Descriptor;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lays the contexts of one reply side by side and cuts where any of them changes. */
final class StatusMerge {

    private final Map<Long, Integer> rowOfContext = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    StatusMerge(Map<Long, String> contexts) {
        contexts.forEach((id, name) -> {
            rowOfContext.put(id, names.size());
            names.add(name);
        });
    }

    /** Contexts in the order of the rows. */
    List<String> names() {
        return names;
    }

    /** Adds what all contexts cover to the run; returns how many bytes that is, more than 0 and at most what was wanted. */
    long into(ExtentRun run, long at, long want, List<BlockStatus> chunks) {
        List<List<Descriptor>> rows = rows(chunks);
        long covered = want;
        for (List<Descriptor> row : rows) {
            covered = Math.min(covered, coverage(at, row));
        }
        Cursor[] cursors = rows.stream().map(Cursor::new).toArray(Cursor[]::new);
        for (long position = 0; position < covered; ) {
            long[] status = new long[cursors.length];
            long next = covered;
            for (int row = 0; row < cursors.length; row++) {
                status[row] = cursors[row].statusAt(position);
                next = Math.min(next, cursors[row].end);
            }
            run.add(at + position, next - position, status);
            position = next;
        }
        return covered;
    }

    private List<List<Descriptor>> rows(List<BlockStatus> chunks) {
        Map<Integer, List<Descriptor>> byRow = new HashMap<>();
        for (BlockStatus chunk : chunks) {
            Integer row = rowOfContext.get(chunk.contextId());
            if (row == null) {
                throw new ViolationException(Violation.STATUS_CONTEXT_UNKNOWN, "context id " + chunk.contextId());
            }
            if (byRow.put(row, chunk.descriptors()) != null) {
                throw new ViolationException(Violation.STATUS_CONTEXT_DOUBLED, names.get(row) + " came twice");
            }
        }
        List<List<Descriptor>> rows = new ArrayList<>();
        for (int row = 0; row < names.size(); row++) {
            List<Descriptor> descriptors = byRow.get(row);
            if (descriptors == null || descriptors.isEmpty()) {
                throw new ViolationException(Violation.STATUS_CONTEXT_MISSING, names.get(row) + " is missing");
            }
            rows.add(descriptors);
        }
        return rows;
    }

    private static long coverage(long at, List<Descriptor> row) {
        long end = at;
        for (Descriptor each : row) {
            if (each.length() == 0) {
                throw new ViolationException(Violation.STATUS_EXTENT_EMPTY, "at offset " + end);
            }
            if (each.length() < 0 || end + each.length() < 0) {
                throw new ViolationException(
                        Violation.STATUS_OVERFLOW,
                        "%s bytes at offset %d".formatted(Long.toUnsignedString(each.length()), end));
            }
            end += each.length();
        }
        return end - at;
    }

    /** A place in one context's row. */
    private static final class Cursor {
        private final List<Descriptor> row;
        private int index = -1;
        private long end;

        Cursor(List<Descriptor> row) {
            this.row = row;
        }

        long statusAt(long position) {
            while (end <= position) {
                index++;
                end += row.get(index).length();
            }
            return row.get(index).status();
        }
    }
}
