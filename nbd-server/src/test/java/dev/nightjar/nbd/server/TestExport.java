package dev.nightjar.nbd.server;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.server.export.Export;
import dev.nightjar.nbd.server.export.ExportDescription;
import dev.nightjar.nbd.server.export.ServedDisk;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves one disk, and counts how often it is opened. */
final class TestExport implements Export {

    private final ExportDescription description;
    private final ServedDisk disk;
    private final AtomicInteger opened = new AtomicInteger();

    TestExport(ExportDescription description, ServedDisk disk) {
        this.description = description;
        this.disk = disk;
    }

    static TestExport of(String name, ServedDisk disk) {
        return of(name, disk, ExportDescription.DEFAULT_BLOCK_SIZES);
    }

    static TestExport of(String name, ServedDisk disk, BlockSizes sizes) {
        return new TestExport(
                new ExportDescription(
                        name,
                        "a disk of a test",
                        disk.sizeBytes(),
                        sizes,
                        disk.writable(),
                        true,
                        List.copyOf(disk.contexts())),
                disk);
    }

    int opened() {
        return opened.get();
    }

    @Override
    public ExportDescription description() {
        return description;
    }

    @Override
    public ServedDisk open() {
        opened.incrementAndGet();
        return disk;
    }
}
