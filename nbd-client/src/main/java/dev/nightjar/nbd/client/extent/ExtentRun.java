package dev.nightjar.nbd.client.extent;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Joins adjacent pieces of equal status, across rounds too, and hands each finished extent on. */
final class ExtentRun {

    /** A disk has few different statuses; extents share their maps rather than having one each. */
    private static final int SHARED_MAPS = 256;

    private final List<String> names;
    private final Consumer<Extent> sink;
    private final Map<List<Long>, Map<String, Long>> shared = new HashMap<>();
    private long offset;
    private long length;
    private long[] status = {};

    ExtentRun(List<String> names, Consumer<Extent> sink) {
        this.names = names;
        this.sink = sink;
    }

    /** The pieces come in order and without gaps; the array stays the caller's. */
    void add(long pieceOffset, long pieceLength, long[] pieceStatus) {
        if (length > 0 && Arrays.equals(status, pieceStatus)) {
            length += pieceLength;
            return;
        }
        end();
        offset = pieceOffset;
        length = pieceLength;
        status = pieceStatus.clone();
    }

    void end() {
        if (length > 0) {
            sink.accept(new Extent(offset, length, named()));
            length = 0;
        }
    }

    private Map<String, Long> named() {
        List<Long> key = Arrays.stream(status).boxed().toList();
        Map<String, Long> known = shared.get(key);
        if (known != null) {
            return known;
        }
        Map<String, Long> named = new HashMap<>();
        for (int row = 0; row < names.size(); row++) {
            named.put(names.get(row), status[row]);
        }
        Map<String, Long> fixed = Map.copyOf(named);
        if (shared.size() < SHARED_MAPS) {
            shared.put(key, fixed);
        }
        return fixed;
    }
}
