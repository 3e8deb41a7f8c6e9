package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backups, deletions and reclaims in random order, some of them at the same time, against a model: the disks as they were. Many small packs and much content in
 * common, so that everything leans on everything.
 */
@Timeout(600)
class ReclaimInterleavingIT {

    private static final int STEPS = Integer.getInteger("reclaim.steps", 400);
    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.7, 1L << 30);

    @TempDir
    Path directory;

    private final Map<UUID, byte[]> points = new LinkedHashMap<>();
    private final List<Open> runs = new ArrayList<>();

    /** A run that was fed and has not committed, with what its point will be. */
    private static final class Open {
        private final IngestSession session;
        private final byte[] content;

        private Open(IngestSession session, byte[] content) {
            this.session = session;
            this.content = content;
        }
    }

    @Test
    void everyPointIsWholeWhateverTheOrder() throws InterruptedException {
        long seed = Long.getLong("reclaim.seed", System.nanoTime());
        Random random = new Random(seed);
        DirectoryBlobStore blobs = DirectoryBlobStore.create(directory);
        try (Repository repository = Workbench.create(blobs, CatalogServer.freshDatabase())) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Thread reclaimer = Thread.ofVirtual().start(() -> {
                try {
                    while (!stop.get()) {
                        repository.reclaim(AT_ONCE);
                    }
                } catch (RuntimeException | Error e) {
                    failure.set(e);
                }
            });
            try {
                DiskModel disk = new DiskModel(400_000, Workbench.CHUNK);
                for (int step = 0; step < STEPS && failure.get() == null; step++) {
                    step(repository, disk, random);
                    if (step % 20 == 0) {
                        checkAll(repository, seed);
                    }
                }
            } finally {
                stop.set(true);
                reclaimer.join();
                runs.forEach(run -> run.session.close());
            }
            assertThat(failure.get()).as("seed " + seed).isNull();
            repository.reclaim(AT_ONCE);
            repository.reclaim(AT_ONCE);
            checkAll(repository, seed);
            assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        }
        try (Repository elsewhere = Repository.open(blobs, new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            elsewhere.rebuild(ProgressListener.NONE);
            checkAll(elsewhere, seed);
            assertThat(elsewhere.points()).hasSameSizeAs(points.keySet());
        }
    }

    private void step(Repository repository, DiskModel disk, Random random) {
        int what = random.nextInt(10);
        if (what < 3 && runs.size() < 3) {
            begin(repository, disk, random);
        } else if (what < 6 && !runs.isEmpty()) {
            Open run = runs.remove(random.nextInt(runs.size()));
            PointRecord point = run.session.commit(Workbench.facts()).points().getFirst();
            points.put(point.id(), run.content);
        } else if (what == 6 && !runs.isEmpty()) {
            runs.remove(random.nextInt(runs.size())).session.close();
        } else if (points.size() > 2) {
            UUID point = new ArrayList<>(points.keySet()).get(random.nextInt(points.size()));
            repository.deletePoint(point);
            points.remove(point);
        }
    }

    private void begin(Repository repository, DiskModel disk, Random random) {
        List<UUID> candidates = new ArrayList<>(points.keySet());
        boolean incremental = !candidates.isEmpty() && random.nextBoolean();
        UUID parent = incremental ? candidates.get(random.nextInt(candidates.size())) : null;
        if (parent != null) {
            System.arraycopy(points.get(parent), 0, disk.bytes, 0, disk.bytes.length);
            disk.dirty.clear();
        }
        disk.scribble(random, 6);
        IngestSession session = repository.beginIngest(Workbench.lease());
        DiskIngest ingest = session.disk(Workbench.describe(disk, "vda"), parent);
        Workbench.feed(ingest, disk, incremental);
        runs.add(new Open(session, disk.bytes.clone()));
    }

    private void checkAll(Repository repository, long seed) {
        points.forEach((point, content) -> assertThat(Workbench.restore(repository, point))
                .as("point " + point + ", seed " + seed)
                .isEqualTo(content));
    }
}
