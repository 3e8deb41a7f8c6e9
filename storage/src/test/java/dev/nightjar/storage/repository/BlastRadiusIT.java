package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.scrub.DamageReport;
import dev.nightjar.storage.scrub.DamagedPoint;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The blast radius of random damage to random histories is what reading every chunk of every point says. */
@Timeout(120)
class BlastRadiusIT {

    @TempDir
    Path directory;

    @Test
    void damageReachesExactlyWhatCannotBeRead() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        DiskModel disk = new DiskModel(1_500_000 + random.nextInt(5000), Workbench.CHUNK);
        DataSource database = CatalogServer.freshDatabase();
        List<PointRecord> points = new ArrayList<>();
        try (Repository repository = Workbench.create(DirectoryBlobStore.create(directory), database)) {
            disk.scribble(random, 80);
            for (int run = 0; run < 8; run++) {
                UUID parent = points.isEmpty() ? null : points.getLast().id();
                points.add(Workbench.capture(repository, disk, parent));
                disk.scribble(random, 1 + random.nextInt(20));
            }
            for (Path pack : packs()) {
                if (random.nextInt(3) == 0) {
                    byte[] bytes = Files.readAllBytes(pack);
                    for (int flip = 0; flip <= random.nextInt(4); flip++) {
                        bytes[32 + random.nextInt(bytes.length - 32)] ^= (byte) (1 << random.nextInt(8));
                    }
                    Files.delete(pack);
                    Files.write(pack, bytes);
                }
            }
        }
        // Opened anew, for what was read before is still in memory.
        try (Repository repository =
                Repository.open(DirectoryBlobStore.open(directory), new Unlock.Nothing(), database)) {
            repository.scrub(ScrubLimits.everything(), ScrubListener.NONE);
            requireEqual(repository, points, repository.damage(4096));
        }
    }

    private static void requireEqual(Repository repository, List<PointRecord> points, DamageReport report) {
        Map<UUID, DamagedPoint> damaged = report.points().stream()
                .collect(Collectors.toMap(point -> point.point().id(), Function.identity()));
        for (PointRecord point : points) {
            BitSet reported = new BitSet();
            long bytes = 0;
            DamagedPoint reach = damaged.get(point.id());
            if (reach != null) {
                for (var range : reach.reach().ranges()) {
                    bytes += range.length();
                    reported.set((int) (range.offset() / Workbench.CHUNK), (int)
                            Math.ceilDiv(range.end(), (long) Workbench.CHUNK));
                }
                assertThat(reach.reach().bytes()).isEqualTo(bytes);
                assertThat(reach.reach().rangeCount())
                        .isEqualTo(reach.reach().ranges().size());
            }
            BitSet unreadable = unreadable(repository, point);
            // Also below a lost node, where nobody knows which chunks are zero.
            assertThat(reported).isEqualTo(unreadable);
            assertThat(repository.damageOf(point, 4096).bytes()).isEqualTo(bytes);
        }
    }

    private static BitSet unreadable(Repository repository, PointRecord point) {
        BitSet unreadable = new BitSet();
        var reader = repository.reader(point.id());
        for (long at = 0; at < point.sizeBytes(); at += Workbench.CHUNK) {
            try {
                reader.read(at, ByteBuffer.allocate((int) Math.min(Workbench.CHUNK, point.sizeBytes() - at)));
            } catch (StorageException e) {
                unreadable.set((int) (at / Workbench.CHUNK));
            }
        }
        return unreadable;
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("packs"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
