package dev.nightjar.bench;

import dev.nightjar.storage.point.PointRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Increments on a point of a disk of 1 TiB on which nothing is zero, so that every scattered block costs the map what it can cost at most. */
final class IncrementRows {

    private static final int BLOCKS = 1000;

    private final BenchOptions options;
    private final Path directory;
    private final Screen screen;
    private final Comparison comparison;
    private final OurRepository ours;

    IncrementRows(BenchOptions options, Path directory, Screen screen, Comparison comparison, OurRepository ours) {
        this.options = options;
        this.directory = directory;
        this.screen = screen;
        this.comparison = comparison;
        this.ours = ours;
    }

    void run(PointRecord parent, Consumer<Row> sink) {
        if (options.wanted("increment-1000") || options.wanted("increment-stored")) {
            scattered(parent, sink);
        }
        if (options.wanted("increment-none")) {
            try (ScatteredDisk disk = new ScatteredDisk(directory, "clean", parent.sizeBytes())) {
                increment(disk, parent);
                sink.accept(comparison.alone("increment-none", "ms", 200, () -> increment(disk, parent)));
            }
        }
    }

    private void scattered(PointRecord parent, Consumer<Row> sink) {
        List<Double> stored = new ArrayList<>();
        try (ScatteredDisk disk = new ScatteredDisk(directory, "scattered", parent.sizeBytes())) {
            disk.write(BLOCKS);
            increment(disk, parent);
            Row row = comparison.alone("increment-1000", "ms", 1000, () -> {
                disk.write(BLOCKS);
                long before = storedBytes();
                double millis = increment(disk, parent);
                stored.add((storedBytes() - before) / ((double) BLOCKS * ScatteredDisk.BLOCK));
                return millis;
            });
            sink.accept(row);
            stored.forEach(factor -> screen.text("    stored %.4f of what was dirty".formatted(factor)));
            sink.accept(Row.alone("increment-stored", "factor", Comparison.median(stored), 1.08, stored.size()));
        }
    }

    private double increment(ScatteredDisk disk, PointRecord parent) {
        return LargeRows.millis(() -> ours.backUp(disk.uri(), parent.id(), ScatteredDisk.BITMAP));
    }

    private long storedBytes() {
        try (Stream<Path> files = Files.walk(ours.directory())) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(IncrementRows::size)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
