package dev.nightjar.storage.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.chunk.ChunkId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChunkIndexTest {

    @Test
    void everyCopyOfEveryChunkIsFoundAgain() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ChunkIndex index = new ChunkIndex();
        Map<ChunkId, Set<ChunkLocation>> model = new HashMap<>();
        List<ChunkId> ids = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 20_000; i++) {
                ChunkId id = ids.isEmpty() || random.nextInt(10) > 0
                        ? new ChunkId(random.nextLong(), random.nextLong(), 0, 0)
                        : ids.get(random.nextInt(ids.size()));
                // The largest numbers that a location can have.
                ChunkLocation location = new ChunkLocation(
                        random.nextInt(Integer.MAX_VALUE), random.nextInt(65_536), random.nextInt(16));
                ids.add(id);
                if (model.computeIfAbsent(id, _ -> new HashSet<>()).add(location)) {
                    index.add(id, location);
                }
            }
            index.sort();
            model.forEach((id, locations) ->
                    assertThat(index.locations(id.a())).containsExactlyInAnyOrderElementsOf(locations));
        }
        assertThat(index.isKnown(new ChunkId(random.nextLong(), 0, 0, 0))).isFalse();
        assertThat(index.size())
                .isEqualTo(model.values().stream().mapToLong(Set::size).sum());
    }

    @Test
    void aChunkIsSoundAsLongAsOneCopyIs() {
        ChunkIndex index = new ChunkIndex();
        ChunkId id = new ChunkId(-7, 1, 2, 3);
        ChunkLocation first = new ChunkLocation(0, 3, 1);
        ChunkLocation second = new ChunkLocation(9, 0, 0);
        index.add(id, first);
        index.add(id, second);
        index.sort();

        index.markDamaged(id, first);
        assertThat(index.isSound(id)).isTrue();
        assertThat(index.locations(id.a())).containsExactly(second, first);

        index.markPackDamaged(9);
        assertThat(index.isSound(id)).isFalse();
        assertThat(index.isKnown(id)).isTrue();
    }

    @Test
    void usersAreNobodyOneOrSeveral() {
        ChunkIndex index = new ChunkIndex();
        ChunkId unused = new ChunkId(1, 0, 0, 0);
        ChunkId own = new ChunkId(2, 0, 0, 0);
        ChunkId shared = new ChunkId(3, 0, 0, 0);
        index.add(unused, new ChunkLocation(1, 0, 0));
        index.add(own, new ChunkLocation(2, 0, 0));
        index.add(shared, new ChunkLocation(3, 0, 0));
        index.add(shared, new ChunkLocation(4, 0, 0));
        index.sort();
        index.clearUsers();

        assertThat(index.use(own, 5)).isTrue();
        assertThat(index.use(own, 5)).isFalse();
        assertThat(index.use(shared, 5)).isTrue();
        assertThat(index.use(shared, 6)).isTrue();
        assertThat(index.use(shared, 7)).isFalse();

        List<String> told = new ArrayList<>();
        index.users((location, user, first) -> told.add(location.pack() + " " + user + " " + first));
        assertThat(told).containsExactly("1 -1 true", "2 5 true", "3 -2 true", "4 -2 false");
    }
}
