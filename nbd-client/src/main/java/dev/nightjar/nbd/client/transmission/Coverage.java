package dev.nightjar.nbd.client.transmission;

import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.Map;
import java.util.TreeMap;

/** Which bytes of a read have come, so that none comes twice and none is missing. */
final class Coverage {

    /** Servers send in order, or nearly: QEMU sends 32 MiB of a fragmented image in 8192 chunks, each behind the other. */
    private static final int ISLANDS = 1 << 14;

    /** Start → end of each island; islands never touch. */
    private final TreeMap<Integer, Integer> islands = new TreeMap<>();

    void claim(int start, int end) {
        Map.Entry<Integer, Integer> before = islands.floorEntry(start);
        Map.Entry<Integer, Integer> after = islands.ceilingEntry(start);
        if ((before != null && before.getValue() > start) || (after != null && after.getKey() < end)) {
            throw new ViolationException(
                    Violation.DATA_OVERLAP, "bytes %d to %d of a read came again".formatted(start, end));
        }
        int from = start;
        int to = end;
        if (before != null && before.getValue() == start) {
            from = before.getKey();
        }
        if (after != null && after.getKey() == end) {
            to = after.getValue();
            islands.remove(end);
        }
        islands.put(from, to);
        if (islands.size() > ISLANDS) {
            throw new ViolationException(Violation.DATA_TOO_SCATTERED, "more than " + ISLANDS + " pieces");
        }
    }

    boolean complete(int length) {
        return islands.size() == 1
                && islands.firstKey() == 0
                && islands.firstEntry().getValue() == length;
    }
}
