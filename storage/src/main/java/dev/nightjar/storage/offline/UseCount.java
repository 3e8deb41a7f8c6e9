package dev.nightjar.storage.offline;

import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.point.PointRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adds up what {@link ChunkUses} noted. A chunk counts with the part of its pack that it is by number, as reclaim counts.
 */
final class UseCount {

    private final List<IndexedPack> packs;
    private final int[] liveChunks;
    private final long[] uniqueChunks;
    private final double[] uniqueBytes;

    private UseCount(List<IndexedPack> packs, int points) {
        this.packs = packs;
        liveChunks = new int[packs.size()];
        uniqueChunks = new long[points];
        uniqueBytes = new double[points];
    }

    static UseCount of(RepositoryIndex index, int points) {
        UseCount count = new UseCount(index.packs(), points);
        index.chunks().users((location, user, first) -> {
            if (first && user != ChunkIndex.UserVisitor.NOBODY) {
                count.add(location.pack(), user);
            }
        });
        return count;
    }

    Map<ChunkKind, PackTotals> totals() {
        Map<ChunkKind, PackTotals> totals = new EnumMap<>(ChunkKind.class);
        for (int number = 0; number < packs.size(); number++) {
            IndexedPack pack = packs.get(number);
            long live = Math.round(bytesPerChunk(pack) * liveChunks[number]);
            totals.put(
                    pack.kind(),
                    totals.getOrDefault(pack.kind(), PackTotals.NONE).with(pack, live));
        }
        return totals;
    }

    List<PointUse> points(List<PointRecord> points, Set<Integer> partly) {
        List<PointUse> uses = new ArrayList<>();
        for (int user = 0; user < points.size(); user++) {
            uses.add(new PointUse(
                    points.get(user), uniqueChunks[user], Math.round(uniqueBytes[user]), !partly.contains(user)));
        }
        return uses;
    }

    private void add(int pack, int user) {
        liveChunks[pack]++;
        if (user >= 0) {
            uniqueChunks[user]++;
            uniqueBytes[user] += bytesPerChunk(packs.get(pack));
        }
    }

    private static double bytesPerChunk(IndexedPack pack) {
        return (double) pack.bytes() / pack.chunks();
    }
}
