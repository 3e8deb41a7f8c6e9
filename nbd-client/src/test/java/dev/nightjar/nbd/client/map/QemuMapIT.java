package dev.nightjar.nbd.client.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuImg.MapEntry;
import dev.nightjar.testkit.StorageDaemon;
import dev.nightjar.testkit.TempDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The walk says what {@code qemu-img map} says: about allocation, where qemu-img reads the qcow2 file itself, and about dirty
 * bitmaps, which it asks for as an NBD client of its own. {@code -Dmap.images=1000 -Dmap.seed=1} for more of them, or the same again.
 */
class QemuMapIT {

    private static final int IMAGES = Integer.getInteger("map.images", 200);
    private static final long SEED = Long.getLong("map.seed", System.nanoTime());
    /** Beyond it 2 GiB at a time take long. */
    private static final long LARGEST_COMPACT = 1L << 41;
    /** QEMU's largest disk: 2^63 less its largest alignment. */
    private static final long LARGEST = Long.MAX_VALUE - (1L << 30) + 1;

    private static final int ROUNDS = 4;

    private static TempDirectory directory;
    private static StorageDaemon machine;

    @BeforeAll
    static void start() {
        directory = TempDirectory.create();
        machine = StorageDaemon.start(directory.path());
    }

    @AfterAll
    static void stop() {
        machine.close();
        directory.close();
    }

    @Test
    void theWalkEqualsQemuImgMapOnRandomDisks() throws Exception {
        System.out.println("map.seed=" + SEED);
        AtomicInteger extents = new AtomicInteger();
        AtomicInteger dirtyMaps = new AtomicInteger();
        try (ExecutorService pool =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<?>> images = new ArrayList<>();
            for (int i = 0; i < IMAGES; i++) {
                RandomDisk disk = new RandomDisk(machine, "d" + i, directory.path(), new Random(SEED * 1_000_003 + i));
                images.add(pool.submit(() -> {
                    extents.addAndGet(compare(disk.serve()));
                    dirtyMaps.addAndGet(disk.bitmaps().size());
                    disk.remove();
                }));
            }
            for (Future<?> image : images) {
                image.get();
            }
        }
        assertThat(extents).hasValueGreaterThan(10 * IMAGES);
        assertThat(dirtyMaps).hasValueGreaterThan(IMAGES);
    }

    /** Returns how many extents there were. */
    private static int compare(RandomDisk disk) {
        List<Extent> walk = walkThatAgrees(disk);
        for (String bitmap : disk.bitmaps()) {
            String context = "qemu:dirty-bitmap:" + bitmap;
            List<MapEntry> dirty = QemuImg.dirtyExtents(machine.nbdEndpoint().socket(), disk.export(), context);
            assertThat(MapRun.ofWalk(walk, extent -> Long.toString(extent.status(context))).stream()
                            .filter(run -> run.meaning().equals("1")))
                    .as("%s of %s, map.seed=%d", bitmap, disk, SEED)
                    .isEqualTo(MapRun.ofQemu(dirty, _ -> "1"));
        }
        if (disk.size() <= LARGEST_COMPACT) {
            assertThat(walk(disk, ReplyMode.STRUCTURED))
                    .as("structured replies about %s, map.seed=%d", disk, SEED)
                    .isEqualTo(walk);
        }
        return walk.size();
    }

    /**
     * The walk, once it says the same as qemu-img. Where the image's own file has space that nothing was written to yet, both ask the host's file system, which
     * calls it data as soon as a page of it was read, be it by qemu-img: then both are asked again.
     */
    private static List<Extent> walkThatAgrees(RandomDisk disk) {
        for (int round = 1; ; round++) {
            List<Extent> walk = walk(disk, ReplyMode.EXTENDED);
            List<MapRun> ours = MapRun.ofWalk(walk, QemuMapIT::allocation);
            List<MapRun> theirs = MapRun.ofQemu(QemuImg.map(DiskRef.qcow2(disk.file())), QemuMapIT::allocation);
            if (ours.equals(theirs)) {
                return walk;
            }
            assertThat(round)
                    .as("allocation of %s, map.seed=%d: %s but qemu-img: %s", disk, SEED, ours, theirs)
                    .isLessThan(ROUNDS);
        }
    }

    private static List<Extent> walk(RandomDisk disk, ReplyMode mode) {
        List<String> contexts = new ArrayList<>(List.of(NbdOptions.BASE_ALLOCATION, "qemu:allocation-depth"));
        disk.bitmaps().forEach(bitmap -> contexts.add("qemu:dirty-bitmap:" + bitmap));
        return walk(disk.export(), mode, contexts);
    }

    private static List<Extent> walk(String export, ReplyMode mode, List<String> contexts) {
        NbdUri uri = NbdUri.parse(machine.nbdEndpoint().uri(export));
        NbdOptions options = NbdOptions.defaults()
                .withContexts(contexts.toArray(String[]::new))
                .withHighestMode(mode);
        List<Extent> extents = new ArrayList<>();
        try (NbdConnection connection = NbdConnection.open(uri, options)) {
            connection.walk(0, connection.export().size(), extents::add);
        }
        return extents;
    }

    private static String allocation(Extent extent) {
        long status = extent.status(NbdOptions.BASE_ALLOCATION);
        return meaning((status & 1) == 0, (status & 2) != 0);
    }

    private static String allocation(MapEntry entry) {
        return meaning(entry.data(), entry.zero());
    }

    private static String meaning(boolean data, boolean zero) {
        return (data ? "data" : "hole") + (zero ? ",zero" : "");
    }

    @Test
    void theLargestDiskThatQemuKnowsIsWalkedInOneRound() {
        machine.monitor()
                .execute(
                        "blockdev-add",
                        Map.of("driver", "null-co", "node-name", "largest", "size", LARGEST, "read-zeroes", true));
        machine.monitor()
                .execute(
                        "block-export-add",
                        Map.of("type", "nbd", "id", "largest", "node-name", "largest", "name", "largest"));
        List<Extent> walk = walk("largest", ReplyMode.EXTENDED, List.of(NbdOptions.BASE_ALLOCATION));
        assertThat(MapRun.ofWalk(walk, QemuMapIT::allocation))
                .isEqualTo(MapRun.ofQemu(
                        QemuImg.map(DiskRef.nbd(machine.nbdEndpoint().uri("largest"))), QemuMapIT::allocation));
        assertThat(walk.getLast().end()).isEqualTo(LARGEST);
    }
}
