package dev.nightjar.bench;

import dev.nightjar.storage.point.PointRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A disk of 64 TiB with little on it, backed up in full and in increments and read to its end, and what memory this JVM has needed for all that was measured. */
final class MemoryRows {

    private static final long DISK = 64L << 40;
    private static final int BLOCKS = 1000;
    private static final double MIB = 1 << 20;

    private MemoryRows() {}

    static void run(BenchOptions options, Path directory, BenchDatabase database, Screen screen, Consumer<Row> sink) {
        if (!options.wanted("memory")) {
            return;
        }
        try (OurRepository ours = OurRepository.create(directory, database, false);
                ScatteredDisk disk = new ScatteredDisk(directory, "huge", DISK)) {
            disk.write(BLOCKS);
            PointRecord first = ours.full(disk.uri());
            disk.write(BLOCKS);
            PointRecord second = ours.backUp(disk.uri(), first.id(), ScatteredDisk.BITMAP);
            readAll(ours, second);
        }
        screen.text("    at most %.0f MiB of this process were in memory, %.0f MiB are direct buffers now"
                .formatted(residentPeak(), direct() / MIB));
        sink.accept(Row.alone("memory-heap", "MiB", Runtime.getRuntime().maxMemory() / MIB, 512, 1));
    }

    private static void readAll(OurRepository ours, PointRecord point) {
        long[] bytes = {0};
        try {
            ours.repository().reader(point.id()).regions(0, DISK, new dev.nightjar.storage.recover.RegionSink() {
                @Override
                public void data(long offset, ByteBuffer content) {
                    bytes[0] += content.remaining();
                }

                @Override
                public void zero(long offset, long length) {
                    bytes[0] += length;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes[0] != DISK) {
            throw new IllegalStateException("only " + bytes[0] + " bytes were read");
        }
    }

    /** MiB, heap and all else, since this process began. */
    private static double residentPeak() {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            return status.filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    / 1024.0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum()
                + io.netty.util.internal.PlatformDependent.usedDirectMemory();
    }
}
