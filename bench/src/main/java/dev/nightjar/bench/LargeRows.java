package dev.nightjar.bench;

import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a repository of 20 million chunks and 100 points of a disk of 1 TiB costs. */
final class LargeRows {

    private static final List<String> NAMES = List.of(
            "catalog-bytes",
            "catalog-look-up",
            "catalog-insert",
            "increment-1000",
            "increment-none",
            "increment-stored",
            "mark",
            "compare",
            "open");
    private static final long DISK = 1L << 40;
    private static final int POINTS = 100;
    private static final int RUNS_A_POINT = 10;
    private static final int SMALL = 200_000;

    private final BenchOptions options;
    private final Path directory;
    private final BenchDatabase database;
    private final Screen screen;
    private final Comparison comparison;

    private LargeRows(BenchOptions options, Path directory, BenchDatabase database, Screen screen) {
        this.options = options;
        this.directory = directory;
        this.database = database;
        this.screen = screen;
        comparison = new Comparison(options.runs(), 1, screen);
    }

    static void run(BenchOptions options, Path directory, BenchDatabase database, Screen screen, Consumer<Row> sink) {
        if (NAMES.stream().anyMatch(options::wanted)) {
            new LargeRows(options, directory, database, screen).run(sink);
        }
    }

    private void run(Consumer<Row> sink) {
        screen.text("A repository of 20 million chunks and 100 points of a disk of 1 TiB, which were never there");
        try (OurRepository ours = OurRepository.create(directory, database, false)) {
            long begun = System.nanoTime();
            MadeUpRepository large = new MadeUpRepository(ours);
            List<PointRecord> points = new ArrayList<>(List.of(large.whole(DISK)));
            while (points.size() < POINTS) {
                points.add(large.later(points.getLast(), RUNS_A_POINT));
            }
            screen.text("    maps after %.0f s".formatted((System.nanoTime() - begun) / 1e9));
            large.load();
            screen.text("    %d chunks after %.0f s".formatted(large.chunks(), (System.nanoTime() - begun) / 1e9));
            catalog(large, sink);
            if (NAMES.stream().anyMatch(name -> name.startsWith("increment") && options.wanted(name))) {
                new IncrementRows(options, directory, screen, comparison, ours).run(points.getFirst(), sink);
            }
            if (options.wanted("compare")) {
                PointRecord before = points.get(POINTS - 2);
                sink.accept(comparison.alone(
                        "compare",
                        "ms",
                        1000,
                        () -> millis(() -> {
                            if (large.compare(before, points.getLast()) == 0) {
                                throw new IllegalStateException("points that differ were found to be equal");
                            }
                        })));
            }
            if (options.wanted("open")) {
                sink.accept(comparison.alone("open", "ms", 100, () -> millis(() -> large.open(points.getLast()))));
            }
            if (options.wanted("mark")) {
                sink.accept(comparison.alone(
                        "mark", "s", 60, () -> millis(() -> ours.repository().reclaim(ReclaimLimits.DEFAULT)) / 1e3));
            }
        }
    }

    private void catalog(MadeUpRepository large, Consumer<Row> sink) {
        if (NAMES.stream().noneMatch(name -> name.startsWith("catalog") && options.wanted(name))) {
            return;
        }
        CatalogRate atLarge = new CatalogRate(large.catalog(), large.chunks());
        sink.accept(comparison.alone("catalog-bytes", "bytes", 110, atLarge::bytesPerChunk));
        try (OurRepository ours = OurRepository.create(directory, database, false)) {
            MadeUpRepository small = new MadeUpRepository(ours);
            small.whole(SMALL * 65536L);
            small.load();
            CatalogRate atSmall = new CatalogRate(small.catalog(), small.chunks());
            sink.accept(comparison.of("catalog-look-up", "1/s", 0.8, atLarge::lookUps, atSmall::lookUps));
            sink.accept(comparison.of("catalog-insert", "1/s", 0.8, atLarge::inserts, atSmall::inserts));
        }
    }

    static double millis(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return (System.nanoTime() - begun) / 1e6;
    }
}
