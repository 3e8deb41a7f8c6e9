package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.lock.LockClock;
import dev.nightjar.storage.point.PointName;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LockIT {

    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.7, 1L << 30);

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final SettableClock clock = new SettableClock(Instant.now());
    private final DiskModel disk = new DiskModel(1_000_000, Workbench.CHUNK);
    private KeepingStore store;
    private Consumer<String> border = _ -> {};
    private Repository repository;
    private PointRecord point;
    private Instant until;

    @BeforeEach
    void lockAPoint() {
        store = new KeepingStore(
                new SteppedStore(DirectoryBlobStore.create(directory), place -> border.accept(place)), clock);
        Workbench.create(store, database).close();
        repository = reopened(database);
        disk.scribble(new Random(1), 60);
        point = Workbench.capture(repository, disk, null);
        until = repository
                .lock(point.id(), clock.instant().plus(Duration.ofDays(30)))
                .until();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void aLockedPointCannotBeDeletedAndAnUnlockedOneCan() {
        disk.scribble(new Random(2), 5);
        PointRecord other = Workbench.capture(repository, disk, point.id());
        assertLocked(() -> repository.deletePoint(point.id()));
        repository.deletePoint(other.id());
        assertThat(repository.points()).extracting(PointRecord::id).containsExactly(point.id());
        assertThat(repository.locks()).containsExactly(java.util.Map.entry(point.id(), until));
    }

    @Test
    void itCanBeDeletedOnceTheDateIsOver() {
        clock.pass(Duration.ofDays(31));
        repository.deletePoint(point.id());
        assertThat(repository.points()).isEmpty();
        assertThat(repository.locks()).isEmpty();
        assertThat(names("locks/")).isEmpty();
    }

    @Test
    void aLockIsExtendedAndNeverMadeShorter() {
        Instant later = until.plus(Duration.ofDays(5));
        assertThat(repository.lock(point.id(), later).until()).isEqualTo(later);
        assertThat(repository.lock(point.id(), clock.instant().plusSeconds(60)).until())
                .isEqualTo(later);
        clock.pass(Duration.ofDays(32));
        assertLocked(() -> repository.deletePoint(point.id()));
    }

    @Test
    void anotherCatalogAndARebuiltOneKnowTheLock() {
        DataSource fresh = CatalogServer.freshDatabase();
        try (Repository elsewhere = reopened(fresh)) {
            elsewhere.rebuild(ProgressListener.NONE);
            assertThat(elsewhere.locks()).containsEntry(point.id(), until);
            assertLocked(() -> elsewhere.deletePoint(point.id()));
            elsewhere.reclaim(AT_ONCE);
            elsewhere.reclaim(AT_ONCE);
            assertThat(Workbench.restore(elsewhere, point.id())).isEqualTo(disk.bytes);
        }
    }

    @Test
    void aCatalogThatForgotTheLockDoesNotDelete() throws SQLException {
        execute("DELETE FROM catalog.point_lock");
        assertLocked(() -> repository.deletePoint(point.id()));
        assertThat(repository.points()).hasSize(1);
    }

    @Test
    void aDeletionThatBeganElsewhereBeforeIsNotFinished() throws SQLException {
        execute("UPDATE catalog.point SET state = 'DELETING'");
        repository.close();
        repository = reopened(database);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        execute("UPDATE catalog.point SET state = 'DELETING'");
        repository.rebuild(ProgressListener.NONE);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void withoutTheKeyItCannotBeDeletedEither() {
        try (Repository locked = Repository.openLocked(store, database)) {
            assertLocked(() -> locked.deletePoint(point.id()));
        }
    }

    @Test
    void aLockedRecordThatARebuildLeftOutStaysAndNothingIsReclaimedMeanwhile() throws IOException {
        String record = "points/" + point.id();
        byte[] sound = Files.readAllBytes(directory.resolve(record));
        byte[] damaged = sound.clone();
        damaged[40] ^= 1;
        Files.write(directory.resolve(record), damaged);
        repository.rebuild(ProgressListener.NONE);
        assertThat(repository.points()).isEmpty();

        assertLocked(() -> repository.deletePoint(point.id()));
        assertThatThrownBy(() -> repository.reclaim(AT_ONCE))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.POINTS_LEFT_OUT));

        Files.write(directory.resolve(record), sound);
        repository.rebuild(ProgressListener.NONE);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        repository.reclaim(AT_ONCE);
    }

    @Test
    void aDamagedLockHoldsAllTheSame() throws IOException {
        Files.write(directory.resolve(names("locks/").getFirst()), new byte[3]);
        repository.rebuild(ProgressListener.NONE);
        assertLocked(() -> repository.deletePoint(point.id()));
    }

    @Test
    void aLockWithABitFlippedInItHoldsAllTheSame() throws IOException {
        Path lock = directory.resolve(names("locks/").getFirst());
        byte[] damaged = Files.readAllBytes(lock);
        // The highest byte of when it was made: no time that Java knows.
        damaged[48] ^= 0x40;
        Files.write(lock, damaged);
        repository.rebuild(ProgressListener.NONE);
        assertThat(repository.locks()).containsEntry(point.id(), until);
        assertLocked(() -> repository.deletePoint(point.id()));
    }

    @ParameterizedTest
    @EnumSource(
            value = StorageErrorCode.class,
            names = {"DATA_DAMAGED", "BLOB_NOT_FOUND", "REPOSITORY_IO_ERROR"})
    void aLockThatCannotBeReadHoldsAllTheSame(StorageErrorCode code) {
        failAt("before read of locks/", code);
        repository.rebuild(ProgressListener.NONE);
        assertThat(repository.locks()).containsEntry(point.id(), until);
        assertLocked(() -> repository.deletePoint(point.id()));
    }

    @Test
    void aStoreThatDoesNotAnswerEndsTheRebuildAtALockToo() {
        failAt("before read of locks/", StorageErrorCode.STORE_UNAVAILABLE);
        assertThatThrownBy(() -> repository.rebuild(ProgressListener.NONE))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.STORE_UNAVAILABLE));
    }

    @Test
    void whereThereIsNoRoomForTheTimeAPointWhoseLockIsOverIsDeletedAndSpaceReclaimed() {
        disk.scribble(new Random(2), 5);
        PointRecord other = Workbench.capture(repository, disk, point.id());
        repository.lock(other.id(), clock.instant().plus(Duration.ofDays(90)));
        List<String> before = names("clock/");
        clock.pass(Duration.ofDays(31));
        failAt("before put of clock/", StorageErrorCode.REPOSITORY_FULL);

        assertThat(repository.locks()).containsOnlyKeys(other.id());
        assertLocked(() -> repository.deletePoint(other.id()));
        repository.deletePoint(point.id());
        repository.reclaim(AT_ONCE);
        assertThat(repository.points()).extracting(PointRecord::id).containsExactly(other.id());
        assertThat(names("clock/")).isEqualTo(before);

        border = _ -> {};
        repository.lookAtClock();
        assertThat(names("clock/")).containsExactly("clock/" + clock.instant().getEpochSecond());
    }

    @Test
    void anyOtherFailureToWriteTheTimeIsTold() {
        clock.pass(Duration.ofDays(1));
        failAt("before put of clock/", StorageErrorCode.REPOSITORY_IO_ERROR);
        assertThatThrownBy(repository::lookAtClock)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.REPOSITORY_IO_ERROR));
    }

    @Test
    void aClockThatWasSetForwardDoesNotEndALock() {
        clock.set(clock.instant().plus(Duration.ofDays(4000)));
        assertLocked(() -> repository.deletePoint(point.id()));
        repository.close();
        repository = reopened(database);
        assertLocked(() -> repository.deletePoint(point.id()));
        // Two days with a wrong clock count for eight at most.
        clock.pass(Duration.ofDays(2));
        assertLocked(() -> repository.deletePoint(point.id()));
        clock.pass(Duration.ofDays(6));
        repository.deletePoint(point.id());
    }

    @Test
    void aClockThatWasSetBackDoesNotEndALockEither() {
        clock.set(Instant.parse("2000-01-01T00:00:00Z"));
        assertLocked(() -> repository.deletePoint(point.id()));
    }

    @Test
    void theStoreKeepsAllThatThePointNeeds() {
        assertThat(store.retained())
                .containsOnlyKeys(
                        Stream.of(names("packs/"), names("points/"), names("locks/"), names("keys/"), List.of("config"))
                                .flatMap(List::stream)
                                .toList());
        assertThat(store.retained().values()).allMatch(until::equals);
    }

    @Test
    void whatTheStoreKeepsIsNotRewrittenAndNotCondemned() {
        disk.write(0, noise(900_000));
        Workbench.capture(repository, disk, point.id());
        List<String> before = names("packs/");
        assertThat(repository.reclaim(AT_ONCE).condemnedPacks()).isZero();
        assertThat(names("packs/")).isEqualTo(before);
    }

    @Test
    void aPackThatTheStoreRefusesToDeleteIsLeftAndDeletedAfterItsDate() throws SQLException {
        // As after a rebuild of the catalog: it does not know what the store keeps, and the lock is over by Nightjar's
        // clock.
        clock.pass(Duration.ofDays(31));
        names("packs/").forEach(pack -> store.retain(pack, clock.instant().plus(Duration.ofDays(1))));
        execute("UPDATE catalog.pack SET retained_until = NULL");
        int packs = names("packs/").size();
        repository.deletePoint(point.id());

        assertThat(repository.reclaim(AT_ONCE).condemnedPacks()).isEqualTo(packs);
        assertThat(repository.reclaim(AT_ONCE).deletedPacks()).isZero();
        assertThat(repository.reclaim(AT_ONCE).deletedPacks()).isZero();
        assertThat(names("packs/")).hasSize(packs);
        // A backup may need the very same pack meanwhile.
        PointRecord again = Workbench.capture(repository, disk, null);
        assertThat(Workbench.restore(repository, again.id())).isEqualTo(disk.bytes);
        repository.deletePoint(again.id());

        clock.pass(Duration.ofDays(2));
        execute(
                "UPDATE catalog.pack SET retained_until = now() - interval '1 second' WHERE retained_until IS NOT NULL");
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);
        assertThat(names("packs/")).isEmpty();
    }

    @Test
    void whatIsLockedWithoutWaitingIsKeptByTheStoreWithTheNextUpkeep() {
        PointRecord other = Workbench.capture(repository, disk, null);
        repository.lockUnkept(other.id(), until);
        assertThat(repository.locks()).containsKey(other.id());
        assertThat(store.retained()).doesNotContainKey(PointName.of(other.id()));

        repository.keepLocks();
        assertThat(store.retained()).containsKey(PointName.of(other.id()));
    }

    @Test
    void aPointThatHasLostAPackDoesNotKeepTheStoreFromBeingToldOfTheOthers() throws IOException {
        repository.lockUnkept(point.id(), until.plusSeconds(60));
        List<String> lost = names("packs/");
        List<PointRecord> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            disk.write(i * Workbench.CHUNK, new byte[] {1});
            others.add(Workbench.capture(repository, disk, null));
            repository.lockUnkept(others.getLast().id(), until);
        }
        disk.zero(0, disk.bytes.length);
        PointRecord sound = Workbench.capture(repository, disk, null);
        repository.lockUnkept(sound.id(), until);
        Files.delete(directory.resolve(lost.getFirst()));

        assertThatThrownBy(repository::keepLocks)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.BLOB_NOT_FOUND));

        Map<String, Instant> retained = store.retained();
        others.forEach(other -> assertThat(retained).containsKey(PointName.of(other.id())));
        assertThat(retained).containsEntry(PointName.of(point.id()), until.plusSeconds(60));
        assertThat(retained).containsKey(PointName.of(sound.id()));
    }

    @Test
    void whatTheStoreWasNotToldOfIsMadeUpFor() {
        // As after a crash right behind the lock's row.
        store.forget();
        repository.keepLocks();
        assertThat(store.retained()).as("it was told").isEmpty();
        repository.rebuild(ProgressListener.NONE);
        repository.keepLocks();
        assertThat(store.retained()).containsKeys(names("packs/").toArray(String[]::new));
        assertThat(store.retained().values()).allMatch(until::equals);
    }

    @Test
    void aDateThatIsOverOrBeyondReasonIsRefused() {
        for (Instant date :
                List.of(clock.instant().minusSeconds(1), clock.instant().plus(Duration.ofDays(40_000)))) {
            assertThatThrownBy(() -> repository.lock(point.id(), date))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.code()).isEqualTo(StorageErrorCode.INVALID_ARGUMENT));
        }
        assertThatThrownBy(() -> repository.lock(UUID.randomUUID(), until))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.POINT_NOT_FOUND));
    }

    private void failAt(String place, StorageErrorCode code) {
        border = reached -> {
            if (reached.startsWith(place)) {
                throw new StorageException(code, "injected " + reached, "It is a test.");
            }
        };
    }

    private Repository reopened(DataSource catalog) {
        return Repository.open(store, new Unlock.Nothing(), catalog, new LockClock(store, clock, clock::steadyNanos));
    }

    private static void assertLocked(ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.POINT_LOCKED));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    private List<String> names(String prefix) {
        try (Stream<BlobInfo> found = store.list(prefix)) {
            return found.map(BlobInfo::name).sorted().toList();
        }
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(3).nextBytes(bytes);
        return bytes;
    }
}
