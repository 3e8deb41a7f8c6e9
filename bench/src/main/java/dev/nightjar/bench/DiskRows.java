package dev.nightjar.bench;

import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Backups and restores of a disk of real files, all in MiB a second of what is not zero on it. */
final class DiskRows implements AutoCloseable {

    private static final List<String> NAMES = List.of(
            "full-borg",
            "full-restic",
            "full-limit",
            "full-encrypted",
            "changed-borg",
            "changed-restic",
            "known-limit",
            "restore");
    private static final double MIB = 1 << 20;
    private static final int WARM_UP = 3;

    private final Path directory;
    private final BenchDatabase database;
    private final Screen screen;
    private final Comparison comparison;
    private final RealDisk disk;
    private final RealDisk changed;
    private final QemuNbd server;
    private final QemuNbd changedServer;

    private DiskRows(
            BenchOptions options, @Nullable Path image, Path directory, BenchDatabase database, Screen screen) {
        this.directory = directory;
        this.database = database;
        this.screen = screen;
        comparison = new Comparison(options.runs(), WARM_UP, screen);
        disk = image == null ? RealDisk.create(directory) : RealDisk.of(image);
        changed = NAMES.stream().anyMatch(name -> name.startsWith("changed") && options.wanted(name))
                ? disk.overwritten(directory.resolve("changed.raw"), 1)
                : disk;
        server = QemuNbd.serving(DiskRef.raw(disk.raw())).clients(16).start(directory);
        changedServer = QemuNbd.serving(DiskRef.raw(changed.raw())).clients(16).start(directory);
    }

    static void run(
            BenchOptions options,
            @Nullable Path image,
            Path directory,
            BenchDatabase database,
            Screen screen,
            Consumer<Row> sink) {
        if (NAMES.stream().noneMatch(options::wanted)) {
            return;
        }
        screen.text("A disk of real files; borg and restic read it as a file, we from qemu-nbd");
        try (DiskRows rows = new DiskRows(options, image, directory, database, screen)) {
            screen.text("  %.0f MiB to be read".formatted(rows.disk.bytes() / MIB));
            for (int i = 0; i < 2; i++) {
                rows.full(false);
            }
            NAMES.stream().filter(options::wanted).map(rows::row).forEach(sink);
        }
    }

    private Row row(String name) {
        return switch (name) {
            case "full-borg" -> compared(name, 3, () -> full(false), () -> borg(false));
            case "full-restic" -> compared(name, 6, () -> full(false), () -> restic(false));
            case "full-limit" -> compared(name, 0.85, () -> full(false), () -> limit().full());
            case "full-encrypted" -> compared(name, 0.9, () -> full(true), () -> full(false));
            case "changed-borg" -> compared(name, 3, () -> second(changedServer), () -> borg(true));
            case "changed-restic" -> compared(name, 6, () -> second(changedServer), () -> restic(true));
            case "known-limit" -> compared(name, 0.85, () -> second(server), () -> limit().known());
            case "restore" -> restore(name);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private Row compared(String name, double goal, DoubleSupplier ours, DoubleSupplier peer) {
        return comparison.of(name, "MiB/s", goal, ours, peer);
    }

    private double full(boolean encrypted) {
        try (OurRepository ours = OurRepository.create(directory, database, encrypted)) {
            return ours(() -> ours.full(server.uri()));
        }
    }

    /** A full backup into a repository that has the disk already. */
    private double second(QemuNbd source) {
        try (OurRepository ours = OurRepository.create(directory, database, false)) {
            PointRecord first = ours.full(server.uri());
            return ours(() -> ours.backUp(source.uri(), first.id(), null));
        }
    }

    private double borg(boolean second) {
        try (Borg borg = new Borg(directory)) {
            if (second) {
                borg.create(disk.raw());
            }
            return rate(() -> borg.create(second ? changed.raw() : disk.raw()));
        }
    }

    private double restic(boolean second) {
        try (Restic restic = new Restic(directory)) {
            if (second) {
                restic.backup(disk.raw());
            }
            return rate(() -> restic.backup(second ? changed.raw() : disk.raw()));
        }
    }

    private MachineLimit limit() {
        MachineLimit limit = MachineLimit.measure(disk, server, directory);
        screen.text("    " + limit.text());
        return limit;
    }

    private Row restore(String name) {
        try (OurRepository ours = OurRepository.create(directory, database, false)) {
            PointRecord point = ours.full(server.uri());
            return compared(
                    name,
                    0.8,
                    () -> toFile(file -> ours(() -> ours.restore(point, file))),
                    () -> toFile(file -> rate(() -> Command.of(Tool.NBDCOPY, server.uri(), file.toString())
                            .run())));
        }
    }

    /** Somebody who writes a file. */
    private interface Writing {
        double to(Path file);
    }

    private double toFile(Writing writing) {
        Path file = directory.resolve("restored.raw");
        double rate = writing.to(file);
        delete(file);
        return rate;
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double ours(Runnable work) {
        double before = CpuTime.ofProcess();
        double rate = rate(work);
        screen.text("    %.2f s of CPU in this process".formatted(CpuTime.ofProcess() - before));
        return rate;
    }

    private double rate(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return disk.bytes() / MIB / ((System.nanoTime() - begun) / 1e9);
    }

    @Override
    public void close() {
        server.close();
        changedServer.close();
    }
}
