package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.LeftOut;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.rebuild.RebuildProgress;
import dev.nightjar.storage.rebuild.RebuildReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RebuildIT {

    @TempDir
    Path directory;

    private final Random random = new Random(31);
    private final DiskModel disk = new DiskModel(1_500_000, Workbench.CHUNK);
    private final Map<UUID, byte[]> expected = new LinkedHashMap<>();
    private final DataSource database = CatalogServer.freshDatabase();
    private Repository repository;

    @BeforeEach
    void takeSomePoints() {
        repository = Workbench.create(DirectoryBlobStore.create(directory), database);
        UUID parent = null;
        for (int step = 0; step < 4; step++) {
            disk.scribble(random, 15);
            PointRecord point = Workbench.capture(repository, disk, parent);
            expected.put(point.id(), disk.bytes.clone());
            parent = point.id();
        }
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void theStoreMayTakeLongerThanASessionMayRest() {
        String url = CatalogServer.freshUrl();
        DataSource impatient = CatalogServer.pool(url + "&options=-c%20idle_in_transaction_session_timeout=100");
        AtomicBoolean waited = new AtomicBoolean();
        try (Repository elsewhere = reopen(impatient)) {
            elsewhere.rebuild(_ -> {
                if (waited.compareAndSet(false, true)) {
                    letTimePass(CatalogServer.pool(url));
                }
            });
            assertThat(elsewhere.points()).hasSameSizeAs(expected.keySet());
        }
        assertThat(waited).isTrue();
    }

    private static void letTimePass(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_sleep(0.5)");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aBrandNewDatabaseGetsEverythingBack() {
        List<RebuildProgress> heard = new ArrayList<>();
        try (Repository elsewhere = reopen(CatalogServer.freshDatabase())) {
            assertThat(elsewhere.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
            assertThat(elsewhere.points()).isEmpty();
            assertThatThrownBy(() -> elsewhere.beginIngest(Workbench.lease()))
                    .satisfies(e -> assertThat(((StorageException) e).code())
                            .isEqualTo(StorageErrorCode.CATALOG_NEEDS_REBUILD));

            RebuildReport report = elsewhere.rebuild(heard::add);

            assertThat(elsewhere.catalogState()).isEqualTo(CatalogState.MATCHES);
            assertThat(elsewhere.points()).isEqualTo(repository.points());
            assertThat(elsewhere.totals()).isEqualTo(repository.totals());
            assertThat(report.points()).isEqualTo(4);
            assertThat(report.packs()).isEqualTo(repository.totals().packs());
            assertThat(report.chunks()).isEqualTo(repository.totals().chunks());
            assertThat(report.leftOutPacks()).isEmpty();
            assertThat(report.leftOutPoints()).isEmpty();
            assertThatAllRestore(elsewhere, expected);
            PointRecord next = Workbench.capture(elsewhere, disk, null);
            assertThat(next.totals().newBytes()).isZero();
        }
        assertThat(heard)
                .contains(new RebuildProgress(RebuildProgress.Phase.POINTS, 4, 4))
                .filteredOn(p -> p.phase() == RebuildProgress.Phase.PACKS)
                .last()
                .satisfies(p -> assertThat(p.done())
                        .isEqualTo(p.total())
                        .isEqualTo(repository.totals().packs()));
    }

    @Test
    void aHealthyCatalogIsTheSameAfterwards() {
        List<PointRecord> before = repository.points();
        RepositoryTotals totals = repository.totals();
        repository.rebuild(ProgressListener.NONE);
        repository.rebuild(ProgressListener.NONE);
        assertThat(repository.points()).isEqualTo(before);
        assertThat(repository.totals()).isEqualTo(totals);
        assertThatAllRestore(repository, expected);
    }

    @Test
    void aPointWhoseChunksAreGoneIsLeftOutUntilTheyAreBack() throws IOException {
        byte[] noise = new byte[100_000];
        random.nextBytes(noise);
        disk.write(0, noise);
        List<Path> before = packFiles();
        UUID last = lastPoint();
        PointRecord point = Workbench.capture(repository, disk, last);
        expected.put(point.id(), disk.bytes.clone());
        Map<UUID, byte[]> others = new LinkedHashMap<>(expected);
        others.remove(point.id());
        for (Path pack : packFiles()) {
            if (before.contains(pack)) {
                continue;
            }
            Path aside = directory.resolve("ASIDE");
            Files.move(pack, aside);

            RebuildReport report = repository.rebuild(ProgressListener.NONE);

            assertThat(report.leftOutPoints())
                    .singleElement()
                    .satisfies(leftOut -> assertThat(leftOut.name()).isEqualTo(PointName.of(point.id())))
                    .extracting(LeftOut::code)
                    .isEqualTo(StorageErrorCode.CHUNK_NOT_FOUND);
            assertThat(repository.points()).extracting(PointRecord::id).containsExactlyElementsOf(others.keySet());
            assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
            assertThatAllRestore(repository, others);
            // What else the point needs is still there when the pack is back.
            assertThatThrownBy(() -> repository.reclaim(FaultBench.AT_ONCE))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.code()).isEqualTo(StorageErrorCode.POINTS_LEFT_OUT));

            Files.move(aside, pack);
            repository.rebuild(ProgressListener.NONE);
            assertThatAllRestore(repository, expected);
        }
        assertThat(packFiles().size()).isEqualTo(before.size() + 2);
    }

    @Test
    void aDamagedRecordAndADamagedPackAreReportedAndLeftOut() throws IOException {
        Path record = directory.resolve(PointName.of(lastPoint()));
        flip(record, 60);
        Path stray = packFiles().getFirst().resolveSibling("0123");
        Files.writeString(stray, "not a pack");
        Path pack = newPackOfItsOwn();
        flip(pack, (int) Files.size(pack) - 30);

        RebuildReport report = repository.rebuild(ProgressListener.NONE);

        assertThat(report.leftOutPoints()).hasSize(2).anySatisfy(leftOut -> {
            assertThat(leftOut.name()).isEqualTo(PointName.of(lastOfExpected()));
            assertThat(leftOut.code()).isEqualTo(StorageErrorCode.DATA_DAMAGED);
        });
        assertThat(report.leftOutPacks())
                .extracting(LeftOut::code)
                .containsExactlyInAnyOrder(StorageErrorCode.BLOB_NAME_INVALID, StorageErrorCode.DATA_DAMAGED);
        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        assertThat(repository.points()).hasSize(3);

        repository.deletePoint(lastOfExpected());
        assertThat(Files.exists(record)).isFalse();
        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        assertThat(repository.rebuild(ProgressListener.NONE).leftOutPoints()).hasSize(1);
    }

    @Test
    void aRunThatWasWritingWhileTheCatalogWasRebuiltCannotCommit() {
        try (IngestSession session = repository.beginIngest(Workbench.lease())) {
            DiskIngest ingest = session.disk(Workbench.describe(disk, "vda"), lastPoint());
            disk.scribble(random, 10);
            Workbench.feed(ingest, disk, true);
            repository.rebuild(ProgressListener.NONE);
            assertThatThrownBy(() -> session.commit(Workbench.facts()))
                    .satisfies(e -> assertThat(((StorageException) e).code()).isEqualTo(StorageErrorCode.LEASE_LOST));
        }
        assertThat(repository.points()).extracting(PointRecord::id).containsExactlyElementsOf(expected.keySet());
        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        expected.put(Workbench.capture(repository, disk, lastPoint()).id(), disk.bytes.clone());
        assertThatAllRestore(repository, expected);
    }

    @Test
    void aRebuildThatIsBrokenOffChangesNothing() {
        List<PointRecord> before = repository.points();
        assertThatThrownBy(() -> repository.rebuild(progress -> {
                    if (progress.phase() == RebuildProgress.Phase.POINTS) {
                        throw new IllegalStateException("enough");
                    }
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(repository.points()).isEqualTo(before);
        assertThatAllRestore(repository, expected);
    }

    private Path newPackOfItsOwn() throws IOException {
        List<Path> before = packFiles();
        byte[] noise = new byte[50_000];
        random.nextBytes(noise);
        disk.write(700_000, noise);
        Workbench.capture(repository, disk, expected.keySet().iterator().next());
        return packFiles().stream()
                .filter(pack -> !before.contains(pack))
                .findFirst()
                .orElseThrow();
    }

    private List<Path> packFiles() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("packs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 0x10;
        Files.delete(file);
        Files.write(file, bytes);
    }

    private UUID lastPoint() {
        return repository.points().getLast().id();
    }

    private UUID lastOfExpected() {
        return List.copyOf(expected.keySet()).getLast();
    }

    private Repository reopen(DataSource catalog) {
        return Repository.open(DirectoryBlobStore.open(directory), new Unlock.Nothing(), catalog);
    }

    private static void assertThatAllRestore(Repository repository, Map<UUID, byte[]> expected) {
        expected.forEach((point, bytes) ->
                assertThat(Workbench.restore(repository, point)).isEqualTo(bytes));
    }
}
