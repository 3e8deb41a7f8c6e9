package dev.nightjar.storage.recover;

import dev.nightjar.storage.map.MapDiff;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;

/**
 * The chunks in which a disk differs from an earlier content of the same size, filled up to whole units of some chunks each.
 *
 * @param unitChunks how many chunks a unit has
 */
record ChangedChunks(MapReader maps, MapDiff differences, MapRoot since, MapRoot root, long unitChunks)
        implements ChunkWalk {

    @Override
    public void walk(Taker taker) {
        if (unitChunks == 1) {
            differences.diff(since, root, (number, _, after) -> taker.take(number, after));
            return;
        }
        long[] done = {0};
        differences.diff(since, root, (number, _, _) -> {
            if (number >= done[0]) {
                long first = number / unitChunks * unitChunks;
                done[0] = Math.min(first + unitChunks, root.chunkCount());
                all(first, done[0], taker);
            }
        });
    }

    private void all(long from, long to, Taker taker) {
        long[] next = {from};
        maps.walk(root, from, to, (number, id) -> {
            zeros(next[0], number, taker);
            taker.take(number, id);
            next[0] = number + 1;
        });
        zeros(next[0], to, taker);
    }

    private static void zeros(long from, long to, Taker taker) {
        for (long number = from; number < to; number++) {
            taker.take(number, null);
        }
    }
}
