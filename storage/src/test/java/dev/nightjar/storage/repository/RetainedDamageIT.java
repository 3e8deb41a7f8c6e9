package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.lock.LockClock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import dev.nightjar.storage.scrub.ScrubReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is damaged and kept by the store itself stays where it is until its date, and what was in it is saved all the same. */
class RetainedDamageIT {

    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.7, 1L << 30, Duration.ZERO);

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final SettableClock clock = new SettableClock(Instant.now());
    private final DiskModel disk = new DiskModel(1_000_000, Workbench.CHUNK);
    private KeepingStore store;
    private Repository repository;
    private PointRecord point;

    @BeforeEach
    void lockAPoint() {
        store = new KeepingStore(DirectoryBlobStore.create(directory), clock);
        Workbench.create(store, database).close();
        repository =
                Repository.open(store, new Unlock.Nothing(), database, new LockClock(store, clock, clock::steadyNanos));
        byte[] noise = new byte[disk.bytes.length];
        new Random(3).nextBytes(noise);
        disk.write(0, noise);
        point = Workbench.capture(repository, disk, null);
        repository.lock(point.id(), clock.instant().plus(Duration.ofDays(30)));
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void aPackWithABrokenHeaderIsSavedIntoAnotherOne() throws SQLException {
        String pack = dataPacks().getFirst();
        spoil(pack, 3);
        ScrubReport report = scrub();
        assertThat(report.healedChunks()).isPositive();
        assertThat(report.damagedChunks()).isZero();
        healed(pack);
    }

    @Test
    void aBrokenFrameIsSavedFromTheTrashWhichCannotGiveTheWholePackBack() throws SQLException, IOException {
        String pack = dataPacks().getFirst();
        Path trash = Files.createDirectories(directory.resolve("trash"));
        Files.copy(
                directory.resolve(pack), trash.resolve(directory.resolve(pack).getFileName()));
        spoil(pack, 100);
        assertThat(scrub().damagedChunks()).isZero();
        healed(pack);
    }

    @Test
    void aBackupThatStoresTheVerySamePackStoresItUnderAnotherName() throws SQLException {
        List<String> packs = dataPacks();
        for (String pack : packs) {
            // All of it is lost, so all of it is stored again, in the same order.
            spoil(pack, disk.bytes.length);
        }
        assertThat(scrub().damagedChunks()).isPositive();
        Workbench.capture(repository, disk, null);
        assertThat(repository.damagedChunks()).isZero();
        scrub();
        healed(packs.toArray(String[]::new));
    }

    @Test
    void aRecordIsWrittenAnewOnceTheStoreLetsTheDamagedOneGo() {
        spoil("points/" + point.id(), 40);
        assertThat(scrub().damagedRecords()).isEqualTo(1);
        assertThat(scrub().damagedRecords()).isEqualTo(1);
        clock.pass(Duration.ofDays(31));
        assertThat(scrub().damagedRecords()).isZero();
    }

    /** The point is whole, now and in a catalog made anew, the damaged files are there, and they go after their date. */
    private void healed(String... damaged) throws SQLException {
        List<String> packs = names("packs/");
        assertThat(packs).contains(damaged);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        assertThat(repository.damage(10).isClean()).isTrue();

        repository.keepLocks();
        assertThat(store.retained().keySet())
                .as("the lock holds for the new packs")
                .containsAll(packs);

        for (int i = 0; i < 2; i++) {
            repository.reclaim(AT_ONCE);
            assertThat(scrub().isClean()).isTrue();
            assertThat(names("packs/")).as("nothing is saved twice").isEqualTo(packs);
        }

        assertThat(repository.rebuild(ProgressListener.NONE).points())
                .isEqualTo(repository.points().size());
        repository.keepLocks();
        for (int i = 0; i < 3; i++) {
            repository.reclaim(AT_ONCE);
        }
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        scrub();
        assertThat(repository.damage(10).isClean()).isTrue();

        clock.pass(Duration.ofDays(31));
        execute(
                "UPDATE catalog.pack SET retained_until = now() - interval '1 second' WHERE retained_until IS NOT NULL");
        for (int i = 0; i < 3; i++) {
            repository.reclaim(AT_ONCE);
        }
        assertThat(names("packs/")).doesNotContain(damaged);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
    }

    private ScrubReport scrub() {
        return repository.scrub(ScrubLimits.everything(), ScrubListener.NONE);
    }

    private List<String> dataPacks() {
        return names("packs/").stream()
                .filter(pack -> store.read(pack, 8, 1).get() == 1)
                .toList();
    }

    private List<String> names(String prefix) {
        try (Stream<BlobInfo> found = store.list(prefix)) {
            return found.map(BlobInfo::name).sorted().toList();
        }
    }

    /** Flips a bit of one byte, or of all of them if there are not so many. */
    private void spoil(String blob, int at) {
        Path file = directory.resolve(blob);
        try {
            byte[] bytes = Files.readAllBytes(file);
            for (int i = at < bytes.length ? at : 0; i < bytes.length; i++) {
                bytes[i] ^= 1;
                if (i == at) {
                    break;
                }
            }
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }
}
