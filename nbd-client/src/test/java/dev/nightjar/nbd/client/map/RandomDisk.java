package dev.nightjar.nbd.client.map;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuIo;
import dev.nightjar.testkit.StorageDaemon;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A qcow2 disk of any size and cluster size, with data, zeros, holes and two dirty bitmaps of any granularity, in a running
 * storage daemon. QEMU counts in sectors, so all numbers are multiples of 512 and of nothing else.
 */
final class RandomDisk {

    static final List<String> BITMAPS = List.of("b0", "b1");

    private static final int SECTOR = 512;
    /** qcow2 reads its first table as a whole, and the daemon keeps a bit for each granule. */
    private static final long FIRST_TABLE_ENTRIES = 1 << 16;

    private static final long GRANULES = 1 << 22;

    private final StorageDaemon machine;
    private final Random random;
    private final String name;
    private final Path file;
    private final int clusterSize;
    private final long size;

    RandomDisk(StorageDaemon machine, String name, Path directory, Random random) {
        this.machine = machine;
        this.random = random;
        this.name = name;
        this.file = directory.resolve(name + ".qcow2");
        this.clusterSize = SECTOR << random.nextInt(13);
        long largest = Math.min(FIRST_TABLE_ENTRIES * clusterSize / 8 * clusterSize, 1L << 50);
        this.size = sectors(1 + random.nextLong(1L << (10 + random.nextInt(log2(largest) - 9))));
    }

    private static int log2(long number) {
        return 63 - Long.numberOfLeadingZeros(number);
    }

    /** At least one, as many as cover so many bytes. */
    private static long sectors(long bytes) {
        return (bytes + SECTOR - 1) / SECTOR * SECTOR;
    }

    Path file() {
        return file;
    }

    long size() {
        return size;
    }

    /** The name of the read-only export. */
    String export() {
        return "view-" + name;
    }

    /** Makes it, lets a guest write before and after each bitmap begins, and exports it with them. */
    RandomDisk serve() {
        QemuImg.create(DiskRef.qcow2(file), size, "cluster_size=" + clusterSize);
        StorageDaemon.LiveDisk live = machine.addDisk(name, file);
        QemuIo.run(live.guest(), writes(5));
        for (String bitmap : BITMAPS) {
            int least = Math.max(9, log2(Math.max(1, size / GRANULES)) + 1);
            // Beyond 8 TiB a bitmap of the coarsest granularity would still be huge.
            if (least <= 21) {
                long granularity = 1L << (least + random.nextInt(22 - least));
                machine.monitor()
                        .execute(
                                "block-dirty-bitmap-add",
                                Map.of("node", name, "name", bitmap, "granularity", granularity, "persistent", true));
            }
        }
        QemuIo.run(live.guest(), writes(12));
        for (String bitmap : bitmaps()) {
            machine.monitor().execute("block-dirty-bitmap-disable", Map.of("node", name, "name", bitmap));
        }
        machine.monitor()
                .execute(
                        "block-export-add",
                        Map.of(
                                "type",
                                "nbd",
                                "id",
                                export(),
                                "node-name",
                                name,
                                "name",
                                export(),
                                "bitmaps",
                                bitmaps(),
                                "allocation-depth",
                                true));
        return this;
    }

    List<String> bitmaps() {
        return machine.bitmapNames(name).stream().sorted().toList();
    }

    private List<String> writes(int most) {
        List<String> commands = new ArrayList<>();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            boolean nearTheEnd = random.nextInt(4) == 0;
            long offset = nearTheEnd
                    ? Math.max(0, size - sectors(random.nextLong(8L * clusterSize)))
                    : random.nextLong(size) / SECTOR * SECTOR;
            offset = Math.min(offset, size - SECTOR);
            commands.add(
                    switch (random.nextInt(6)) {
                        case 0 -> "write -q -z %d %d".formatted(offset, length(offset, 500L * clusterSize));
                        case 1 -> "write -q -z -u %d %d".formatted(offset, length(offset, 500L * clusterSize));
                        case 2 -> "discard -q %d %d".formatted(offset, length(offset, 500L * clusterSize));
                        default -> "write -q -P %d %d %d".formatted(i + 1, offset, length(offset, 128 << 10));
                    });
        }
        commands.add("flush");
        return commands;
    }

    /** Any number of sectors, small ones as often as large ones, within the disk. */
    private long length(long offset, long most) {
        long wanted = sectors(1 + random.nextLong(1L << (9 + random.nextInt(log2(most) - 8))));
        // qemu-io takes at most 2 GiB - 512 in one command.
        return Math.min(Math.min(wanted, size - offset), Integer.MAX_VALUE / SECTOR * (long) SECTOR);
    }

    /** Takes everything away again. */
    void remove() {
        machine.monitor().execute("block-export-del", Map.of("id", export(), "mode", "hard"));
        machine.monitor().execute("block-export-del", Map.of("id", "guest-" + name, "mode", "hard"));
    }

    @Override
    public String toString() {
        return "%s of %d bytes, clusters of %d, bitmaps %s".formatted(name, size, clusterSize, bitmaps());
    }
}
