package dev.nightjar.storage.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.chunk.ChunkId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Maps against sorted maps of the Java library: generations of a disk that grows, shrinks, is written, and is discarded in pieces of any size. */
class MapModelTest {

    private final MemoryNodeStore store = new MemoryNodeStore();

    /** Sets one chunk, or makes a range zero. */
    record Change(long number, long count, int value) {}

    /** What happens between two points. */
    record Generation(long chunkCount, List<Change> changes) {}

    @Property(tries = 1000)
    void everyGenerationHasTheContentOfTheModel(@ForAll("histories") List<Generation> history) {
        NavigableMap<Long, ChunkId> model = new TreeMap<>();
        MapRoot root = MapRoot.zero(history.getFirst().chunkCount());
        for (Generation generation : history) {
            root = apply(generation, root, model);
            assertThat(content(root)).isEqualTo(model);
            assertThat(root.chunkCount()).isEqualTo(generation.chunkCount());
            for (long number : probes(generation)) {
                assertThat(store.reader().get(root, number)).isEqualTo(model.get(number));
            }
        }
    }

    @Property(tries = 1000)
    void theSameContentHasTheSameRootWhateverItWasMadeFrom(@ForAll("histories") List<Generation> history) {
        NavigableMap<Long, ChunkId> model = new TreeMap<>();
        MapRoot root = MapRoot.zero(history.getFirst().chunkCount());
        for (Generation generation : history) {
            root = apply(generation, root, model);
            MapWriter fresh = store.writer(MapRoot.zero(1), generation.chunkCount());
            model.forEach(fresh::set);
            assertThat(root).isEqualTo(fresh.finish());
            MapWriter rewritten = store.writer(root, generation.chunkCount());
            store.stores = 0;
            model.forEach(rewritten::set);
            assertThat(rewritten.finish()).isEqualTo(root);
            assertThat(store.stores).as("nodes that came out as they were").isZero();
        }
    }

    @Property(tries = 1000)
    void theDifferenceIsThatOfTheModels(@ForAll("histories") List<Generation> history) {
        List<MapRoot> roots = new ArrayList<>();
        List<NavigableMap<Long, ChunkId>> models = new ArrayList<>();
        NavigableMap<Long, ChunkId> model = new TreeMap<>();
        MapRoot root = MapRoot.zero(history.getFirst().chunkCount());
        for (Generation generation : history) {
            root = apply(generation, root, model);
            roots.add(root);
            models.add(new TreeMap<>(model));
        }
        for (int left = 0; left < roots.size(); left++) {
            for (int right = 0; right < roots.size(); right++) {
                List<String> told = new ArrayList<>();
                store.diff()
                        .diff(
                                roots.get(left),
                                roots.get(right),
                                (n, before, after) -> told.add(line(n, before, after)));
                assertThat(told).isEqualTo(difference(models.get(left), models.get(right)));
            }
        }
    }

    @Property(tries = 500)
    void aRangeIsVisitedExactly(@ForAll("histories") List<Generation> history, @ForAll long a, @ForAll long b) {
        NavigableMap<Long, ChunkId> model = new TreeMap<>();
        MapRoot root = MapRoot.zero(history.getFirst().chunkCount());
        for (Generation generation : history) {
            root = apply(generation, root, model);
        }
        List<Long> bounds = new ArrayList<>(model.keySet());
        bounds.add(0L);
        bounds.add(root.chunkCount());
        long one = bounds.get((int) Math.floorMod(a, (long) bounds.size()));
        long two = bounds.get((int) Math.floorMod(b, (long) bounds.size()));
        NavigableMap<Long, ChunkId> visited = new TreeMap<>();
        store.reader().walk(root, Math.min(one, two), Math.max(one, two), visited::put);
        assertThat(visited).isEqualTo(model.subMap(Math.min(one, two), true, Math.max(one, two), false));
    }

    @Property(tries = 500)
    void aVisitEndsWhenTheProbeHasEnough(
            @ForAll("histories") List<Generation> history, @ForAll @IntRange(max = 40) int enough) {
        NavigableMap<Long, ChunkId> model = new TreeMap<>();
        MapRoot before = MapRoot.zero(history.getFirst().chunkCount());
        MapRoot root = before;
        for (Generation generation : history) {
            root = apply(generation, root, model);
        }
        List<Long> visited = new ArrayList<>();
        boolean all = store.reader().walkWhile(root, 0, root.chunkCount(), (number, _) -> {
            visited.add(number);
            return visited.size() < enough;
        });
        List<Long> wanted = model.keySet().stream().limit(Math.max(1, enough)).toList();
        assertThat(visited).isEqualTo(wanted);
        assertThat(all).isEqualTo(model.isEmpty() || visited.size() < enough);
        List<Long> different = new ArrayList<>();
        store.diff().diffWhile(before, root, 0, root.chunkCount(), (number, _, _) -> {
            different.add(number);
            return different.size() < enough;
        });
        assertThat(different).isEqualTo(wanted);
    }

    @Property(tries = 500)
    void aRangeOfTheDifferenceIsToldExactly(
            @ForAll("histories") List<Generation> history, @ForAll long a, @ForAll long b) {
        NavigableMap<Long, ChunkId> model = new TreeMap<>();
        MapRoot root = MapRoot.zero(history.getFirst().chunkCount());
        MapRoot before = root;
        NavigableMap<Long, ChunkId> modelBefore = new TreeMap<>();
        for (Generation generation : history) {
            before = root;
            modelBefore = new TreeMap<>(model);
            root = apply(generation, root, model);
        }
        TreeSet<Long> bounds = new TreeSet<>(model.keySet());
        bounds.addAll(modelBefore.keySet());
        bounds.add(0L);
        bounds.add(root.chunkCount());
        List<Long> places = List.copyOf(bounds);
        long one = places.get((int) Math.floorMod(a, (long) places.size()));
        long two = places.get((int) Math.floorMod(b, (long) places.size()));
        long from = Math.min(one, two);
        long to = Math.max(one, two);
        List<String> told = new ArrayList<>();
        store.diff().diffWhile(before, root, from, to, (number, left, right) -> told.add(line(number, left, right)));
        assertThat(told)
                .isEqualTo(difference(modelBefore.subMap(from, true, to, false), model.subMap(from, true, to, false)));
    }

    @Test
    void anEmptyPetabyteIsSkippedWithoutLoadingAnything() {
        long chunks = 1L << 34;
        MapWriter writer = store.writer(MapRoot.zero(chunks), chunks);
        writer.set(chunks - 1, new ChunkId(1, 2, 3, 4));
        MapRoot root = writer.finish();
        store.loads = 0;
        List<Long> visited = new ArrayList<>();
        store.reader().walkWhile(root, 0, chunks, (number, _) -> visited.add(number));
        assertThat(visited).containsExactly(chunks - 1);
        assertThat(store.loads).isEqualTo(root.levels());
    }

    @Provide
    Arbitrary<List<Generation>> histories() {
        Arbitrary<Long> counts = Arbitraries.of(
                1L,
                2L,
                63L,
                64L,
                65L,
                100L,
                4095L,
                4096L,
                4097L,
                262_144L,
                262_145L,
                1L << 30,
                1L << 40,
                (1L << 47) - 1,
                1L << 47,
                MapRoot.MAX_CHUNKS);
        Arbitrary<Change> changes = Combinators.combine(
                        places(),
                        Arbitraries.of(1L, 2L, 63L, 64L, 65L, 4096L, 5000L, 1L << 20, 1L << 47),
                        Arbitraries.integers().between(0, 5))
                .as((place, count, value) -> new Change(place, value == 0 ? count : 1, value));
        Arbitrary<Generation> generations =
                Combinators.combine(counts, changes.list().ofMaxSize(25)).as(Generation::new);
        return generations.list().ofMinSize(1).ofMaxSize(4);
    }

    /** Chunk numbers that crowd around the edges of nodes of every level. */
    private static Arbitrary<Long> places() {
        Arbitrary<Long> edges = Arbitraries.of(
                0L, 1L << 6, 1L << 12, 3L << 12, 1L << 18, 1L << 24, 1L << 36, 1L << 42, 1L << 47, (1L << 47) - 64);
        Arbitrary<Long> near =
                Combinators.combine(edges, Arbitraries.longs().between(-70, 70)).as(Long::sum);
        return Arbitraries.oneOf(
                near,
                Arbitraries.longs().between(0, 1L << 48),
                Arbitraries.longs().between(0, 200));
    }

    /** Makes the next map, and the same of the model. */
    private MapRoot apply(Generation generation, MapRoot parent, NavigableMap<Long, ChunkId> model) {
        long chunkCount = generation.chunkCount();
        MapWriter writer = store.writer(parent, chunkCount);
        model.tailMap(chunkCount, true).clear();
        long next = 0;
        for (Change change : ascending(generation)) {
            if (change.number() < next) {
                continue;
            }
            long number = change.number();
            long count = Math.min(change.count(), chunkCount - number);
            if (change.value() == 0) {
                writer.zero(number, count);
                model.subMap(number, true, number + count, false).clear();
            } else {
                ChunkId id = new ChunkId(change.value(), 7, 7, 7);
                writer.set(number, id);
                model.put(number, id);
            }
            next = number + count;
        }
        return writer.finish();
    }

    private static List<Change> ascending(Generation generation) {
        return generation.changes().stream()
                .map(change -> new Change(
                        Math.floorMod(change.number(), generation.chunkCount()), change.count(), change.value()))
                .sorted(Comparator.comparingLong(Change::number))
                .toList();
    }

    private static List<Long> probes(Generation generation) {
        List<Long> probes = new ArrayList<>(List.of(0L, generation.chunkCount() - 1));
        for (Change change : ascending(generation)) {
            probes.add(change.number());
        }
        return probes;
    }

    private NavigableMap<Long, ChunkId> content(MapRoot root) {
        NavigableMap<Long, ChunkId> content = new TreeMap<>();
        store.reader().walk(root, (number, id) -> {
            assertThat(content.isEmpty() || content.lastKey() < number)
                    .as("ascending")
                    .isTrue();
            content.put(number, id);
        });
        return content;
    }

    private static List<String> difference(Map<Long, ChunkId> before, Map<Long, ChunkId> after) {
        TreeSet<Long> numbers = new TreeSet<>(before.keySet());
        numbers.addAll(after.keySet());
        return numbers.stream()
                .filter(n -> !Objects.equals(before.get(n), after.get(n)))
                .map(n -> line(n, before.get(n), after.get(n)))
                .toList();
    }

    private static String line(long number, @Nullable ChunkId before, @Nullable ChunkId after) {
        return number + ": " + before + " → " + after;
    }
}
