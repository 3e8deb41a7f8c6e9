package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process before and after every single write that it makes, and looks at what it leaves. */
@Timeout(300)
class CrashWindowsIT {

    private static final int MOST_STEPS = 200;

    @TempDir
    Path directory;

    private final Random random = new Random(77);
    private final Map<UUID, byte[]> expected = new LinkedHashMap<>();
    private final DiskModel disk = new DiskModel(500_000, Workbench.CHUNK);
    private final DataSource database = CatalogServer.freshDatabase();

    @Test
    void aRunKilledAnywhereLeavesNoPointAndTheNextOneReusesWhatItStored() {
        BlobStore blobs = DirectoryBlobStore.create(directory);
        Workbench.create(blobs, database).close();
        List<String> lastSteps = new ArrayList<>();
        for (int dieAt = 1; ; dieAt++) {
            assertThat(dieAt).isLessThan(MOST_STEPS);
            byte[] noise = new byte[300_000];
            random.nextBytes(noise);
            disk.write(random.nextInt(disk.bytes.length - noise.length), noise);

            MortalProcess process = new MortalProcess(dieAt);
            UUID parent = expected.isEmpty() ? null : lastOf(expected.keySet());
            PointRecord acknowledged = captureIn(process, blobs, parent);
            String window = "killed at step " + dieAt + " " + process.steps();

            try (Repository repository =
                    Repository.open(DirectoryBlobStore.open(directory), new Unlock.Nothing(), database)) {
                assertThat(repository.catalogState()).as(window).isEqualTo(CatalogState.MATCHES);
                boolean committed = committedBeforeDeath(process);
                if (acknowledged != null) {
                    assertThat(committed).as(window).isTrue();
                    expected.put(acknowledged.id(), disk.bytes.clone());
                } else if (committed) {
                    // Complete, although nobody was told: it must restore as well as any.
                    expected.put(repository.points().getLast().id(), disk.bytes.clone());
                }
                assertThat(repository.points())
                        .as(window)
                        .extracting(PointRecord::id)
                        .containsExactlyInAnyOrderElementsOf(expected.keySet());
                PointRecord next = Workbench.capture(repository, disk, parent);
                expected.put(next.id(), disk.bytes.clone());
                if (stored(process, "after transaction", "after put of points")) {
                    assertThat(next.totals().newBytes()).as(window).isZero();
                }
                assertThat(Workbench.restore(repository, next.id())).as(window).isEqualTo(disk.bytes);
            }
            if (!process.isDead()) {
                lastSteps.addAll(process.steps());
                break;
            }
        }
        assertThat(lastSteps)
                .contains("before pack", "after pack", "before put of points", "after put of points")
                .endsWith("before put of points", "after put of points", "before transaction", "after transaction");
        assertThatARebuildFindsThemAll();
    }

    @Test
    void aRunThatCannotFindOutWhatBecameOfItsCommitTouchesNoRecord() {
        BlobStore blobs = DirectoryBlobStore.create(directory);
        AtomicBoolean written = new AtomicBoolean();
        AtomicBoolean gone = new AtomicBoolean();
        BlobStore store =
                new SteppedStore(blobs, at -> written.compareAndSet(false, at.startsWith("after put of points/")));
        DataSource leaving = SteppedDatabase.of(
                database,
                at -> {
                    // The very commit is done, its answer is lost, and from then on nobody answers.
                    gone.compareAndSet(false, written.get() && at.equals("after a transaction"));
                    if (gone.get()) {
                        throw new StorageException(StorageErrorCode.CATALOG_UNAVAILABLE, "gone", "It is a test.");
                    }
                },
                random);
        try (Repository repository = Workbench.create(blobs, database)) {
            disk.scribble(random, 5);
            try (Repository node = Repository.open(store, new Unlock.Nothing(), leaving)) {
                assertThatThrownBy(() -> Workbench.capture(node, disk, null)).isInstanceOf(StorageException.class);
            }
            assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
            expected.put(repository.points().getFirst().id(), disk.bytes.clone());
        }
        assertThatARebuildFindsThemAll();
    }

    @Test
    void aDeletionKilledAnywhereNeitherLosesAnotherPointNorComesBackOnceAcknowledged() {
        BlobStore blobs = DirectoryBlobStore.create(directory);
        Workbench.create(blobs, database).close();
        for (int dieAt = 1; ; dieAt++) {
            assertThat(dieAt).isLessThan(MOST_STEPS);
            UUID doomed;
            try (Repository repository = Repository.open(blobs, new Unlock.Nothing(), database)) {
                disk.scribble(random, 5);
                PointRecord kept = Workbench.capture(repository, disk, null);
                expected.put(kept.id(), disk.bytes.clone());
                disk.scribble(random, 5);
                doomed = Workbench.capture(repository, disk, kept.id()).id();
            }
            MortalProcess process = new MortalProcess(dieAt);
            boolean acknowledged = deleteIn(process, blobs, doomed);
            String window = "killed at step " + dieAt + " " + process.steps();

            List<UUID> rebuilt = new ArrayList<>();
            try (Repository elsewhere = Repository.open(blobs, new Unlock.Nothing(), CatalogServer.freshDatabase())) {
                elsewhere.rebuild(ProgressListener.NONE);
                elsewhere.points().forEach(point -> rebuilt.add(point.id()));
            }
            assertThat(rebuilt).as(window).containsAll(expected.keySet());
            if (acknowledged) {
                assertThat(rebuilt).as(window).doesNotContain(doomed);
            }
            try (Repository repository = Repository.open(blobs, new Unlock.Nothing(), database)) {
                assertThat(repository.catalogState()).as(window).isEqualTo(CatalogState.MATCHES);
                List<UUID> points =
                        repository.points().stream().map(PointRecord::id).toList();
                assertThat(points).as(window).containsAll(expected.keySet());
                if (process.steps().contains("after transaction")) {
                    assertThat(points).as(window).doesNotContain(doomed);
                } else {
                    assertThat(points).as(window).contains(doomed);
                    repository.deletePoint(doomed);
                }
            }
            if (!process.isDead()) {
                assertThat(acknowledged).isTrue();
                break;
            }
        }
        assertThatARebuildFindsThemAll();
    }

    private PointRecord captureIn(MortalProcess process, BlobStore blobs, UUID parent) {
        byte[] before = disk.bytes.clone();
        java.util.BitSet dirty = (java.util.BitSet) disk.dirty.clone();
        try (Repository repository = mortal(process, blobs)) {
            return Workbench.capture(repository, disk, parent);
        } catch (StorageException e) {
            assertThat(process.isDead()).as(e.toString()).isTrue();
            return null;
        } finally {
            assertThat(disk.bytes).isEqualTo(before);
            disk.dirty.or(dirty);
        }
    }

    private boolean deleteIn(MortalProcess process, BlobStore blobs, UUID point) {
        try (Repository repository = mortal(process, blobs)) {
            repository.deletePoint(point);
            return true;
        } catch (StorageException e) {
            assertThat(process.isDead()).as(e.toString()).isTrue();
            return false;
        }
    }

    private Repository mortal(MortalProcess process, BlobStore blobs) {
        Repository repository = Repository.open(process.store(blobs), new Unlock.Nothing(), process.database(database));
        process.begin();
        return repository;
    }

    /** Whether the transaction that follows the record took place. */
    private static boolean committedBeforeDeath(MortalProcess process) {
        return stored(process, "after put of points", "after transaction");
    }

    /** Whether the process did the one thing and later the other. */
    private static boolean stored(MortalProcess process, String first, String then) {
        int at = process.steps().indexOf(first);
        return at >= 0 && process.steps().lastIndexOf(then) > at;
    }

    private void assertThatARebuildFindsThemAll() {
        try (Repository elsewhere = Repository.open(
                DirectoryBlobStore.open(directory), new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            elsewhere.rebuild(ProgressListener.NONE);
            expected.forEach((point, bytes) ->
                    assertThat(Workbench.restore(elsewhere, point)).isEqualTo(bytes));
        }
    }

    private static UUID lastOf(Iterable<UUID> ids) {
        UUID last = null;
        for (UUID id : ids) {
            last = id;
        }
        return last;
    }
}
