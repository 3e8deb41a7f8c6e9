package dev.nightjar.storage.offline;

import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.point.PointRecord;

/**
 * The shape of a point's map. Immutable.
 *
 * @param levels of nodes
 * @param nodes how many, each as often as the map leads to it
 * @param chunks how many chunks are not zero
 * @param zeroChunks how many are
 * @param dataBytes length of those that are not zero
 * @param extents how many runs of chunks that are not zero
 */
public record MapStatistics(int levels, long nodes, long chunks, long zeroChunks, long dataBytes, long extents) {

    static MapStatistics of(PointRecord point, MapReader maps, ChunkSize chunkSize) {
        long[] nodes = {0};
        maps.visit(
                point.root(),
                (ChunkId _) -> {
                    nodes[0]++;
                    return true;
                },
                _ -> {});
        Extents extents = new Extents();
        maps.walk(point.root(), (number, _) -> extents.add(number, chunkSize.length(number, point.sizeBytes())));
        return new MapStatistics(
                point.root().levels(),
                nodes[0],
                extents.chunks,
                point.root().chunkCount() - extents.chunks,
                extents.bytes,
                extents.count);
    }

    private static final class Extents {
        private long chunks;
        private long bytes;
        private long count;
        private long next = -1;

        void add(long number, int length) {
            chunks++;
            bytes += length;
            count += number == next ? 0 : 1;
            next = number + 1;
        }
    }
}
