package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.pack.PackFlaw;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.scrub.DamageReport;
import dev.nightjar.storage.scrub.DamagedPoint;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import dev.nightjar.storage.scrub.ScrubReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damage is found, told for what it is, and healed. */
@Timeout(120)
class ScrubIT {

    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.5, 1L << 30);

    @TempDir
    Path otherDirectory;

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final DiskModel disk = new DiskModel(1_000_000, Workbench.CHUNK);
    private Repository repository;
    private PointRecord point;

    @BeforeEach
    void takeAPoint() {
        byte[] noise = new byte[disk.bytes.length];
        new Random(3).nextBytes(noise);
        disk.write(0, noise);
        repository = Workbench.create(DirectoryBlobStore.create(directory), database);
        point = Workbench.capture(repository, disk, null);
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void whatIsAsItWasWrittenIsProven() {
        ScrubReport report = scrub();
        assertThat(report.isClean()).isTrue();
        assertThat(report.provenPacks()).isEqualTo(packs().size());
        assertThat(report.readBytes()).isEqualTo(repository.totals().storedBytes());
        assertThat(repository.proofs().neverChecked()).isZero();
        assertThat(repository.damage(10).isClean()).isTrue();
    }

    @Test
    void aBrokenFrameIsToldByTheRangesOfTheDisksThatItHolds() {
        Path pack = dataPacks().getFirst();
        spoil(pack, bytes -> bytes[100] ^= 1);
        ScrubReport report = scrub();
        assertThat(report.damagedPacks()).isEqualTo(1);
        assertThat(report.damagedChunks()).isPositive().isLessThanOrEqualTo(16);
        DamageReport damage = repository.damage(10);
        assertThat(damage.packs())
                .singleElement()
                .satisfies(row -> assertThat(row.flaws()).containsExactly(PackFlaw.FRAMES));
        DamagedPoint reached = damage.points().getFirst();
        assertThat(reached.point()).isEqualTo(point);
        assertThat(reached.reach().bytes()).isEqualTo(report.damagedChunks() * Workbench.CHUNK);
        assertThat(reached.reach().map()).isFalse();
        requireExactly(reached);
    }

    @Test
    void theNextFullRunHealsWhatItMeets() {
        spoil(dataPacks().getFirst(), bytes -> bytes[100] ^= 1);
        delete(dataPacks().getLast());
        scrub();
        assertThatThrownBy(() -> Workbench.restore(repository, point.id())).isInstanceOf(StorageException.class);

        try (var session = repository.beginIngest(Workbench.lease())) {
            Workbench.feed(session.disk(Workbench.describe(disk, "vda"), null), disk, false);
            session.commit(Workbench.facts());
            assertThat(session.healedChunks()).isPositive();
        }

        assertThat(repository.damagedChunks()).isZero();
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        healedForGood();
    }

    @Test
    void aFullRunThatWritesTheVerySamePackHealsIt() {
        spoil(dataPacks().getFirst(), bytes -> Arrays.fill(bytes, (byte) 7));
        scrub();
        Workbench.capture(repository, disk, null);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        healedForGood();
    }

    @Test
    void headerAndTrailerHealByThemselves() {
        spoil(dataPacks().get(0), bytes -> bytes[3] ^= 1);
        spoil(dataPacks().get(1), bytes -> bytes[bytes.length - 3] ^= 1);
        spoil(dataPacks().get(2), bytes -> Arrays.fill(bytes, bytes.length - 24, bytes.length, (byte) 0));
        ScrubReport report = scrub();
        assertThat(report.damagedPacks()).isEqualTo(3);
        assertThat(report.healedChunks()).isPositive();
        assertThat(report.damagedChunks()).isZero();
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        healedForGood();
    }

    @Test
    void aDirectoryWithOneWrongIdCostsOnlyWhatStandsInThatFrame() {
        spoil(dataPacks().getFirst(), bytes -> bytes[bytes.length - 24 - 10] ^= 1);
        ScrubReport report = scrub();
        assertThat(report.healedChunks()).isPositive();
        assertThat(report.damagedChunks()).isPositive().isLessThanOrEqualTo(16);
        requireExactly(repository.damage(10).points().getFirst());
        Workbench.capture(repository, disk, null);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        healedForGood();
    }

    @Test
    void truncatedAndMissingPacksAreToldAndHealFromTheSource() {
        delete(dataPacks().get(0));
        change(dataPacks().get(1), bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(scrub().damagedPacks()).isEqualTo(2);
        assertThat(repository.damage(10).packs().stream().flatMap(row -> row.flaws().stream()))
                .contains(PackFlaw.MISSING, PackFlaw.LENGTH);
        requireExactly(repository.damage(4096).points().getFirst());
        Workbench.capture(repository, disk, null);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        healedForGood();
    }

    @Test
    void packsThatWereSwappedComeBackUnderTheirNames() {
        List<Path> byLength = byLength();
        swapAndHeal(byLength.get(0), byLength.get(1));
    }

    @Test
    void packsOfDifferentLengthsThatWereSwappedComeBackUnderTheirNames() {
        List<Path> byLength = byLength();
        assertThat(byLength.getFirst().toFile().length())
                .isNotEqualTo(byLength.getLast().toFile().length());
        swapAndHeal(byLength.getFirst(), byLength.getLast());
    }

    private List<Path> byLength() {
        return dataPacks().stream()
                .sorted(Comparator.comparingLong((Path pack) -> pack.toFile().length())
                        .reversed())
                .toList();
    }

    private void swapAndHeal(Path one, Path other) {
        byte[] first = read(one);
        byte[] second = read(other);
        change(one, _ -> second);
        change(other, _ -> first);
        ScrubReport report = scrub();
        assertThat(report.damagedPacks()).isEqualTo(2);
        assertThat(report.damagedChunks()).isZero();
        assertThat(read(one)).isEqualTo(first);
        assertThat(read(other)).isEqualTo(second);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        healedForGood();
    }

    @Test
    void aNodeOfTheMapThatIsLostIsToldAndAFullRunBringsItBack() {
        for (Path pack : packs()) {
            if (kind(pack) == 2) {
                delete(pack);
            }
        }
        assertThat(scrub().damagedChunks()).isPositive();
        DamagedPoint reached = repository.damage(10).points().getFirst();
        assertThat(reached.reach().map()).isTrue();
        assertThat(reached.reach().bytes()).isEqualTo(disk.bytes.length);
        Workbench.capture(repository, disk, null);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        healedForGood();
    }

    @Test
    void anIncrementThatReadsTheDamagedRangesAgainHealsThemForAllPoints() {
        disk.write(500_000, new byte[] {1, 2, 3});
        spoil(dataPacks().getFirst(), bytes -> bytes[100] ^= 1);
        scrub();
        var again = repository.damageOf(point, 4096).covering();
        assertThat(again.isEmpty()).isFalse();
        // What the caller of the ingest does with a parent's damage: it is read as if it were dirty.
        again.ranges()
                .forEach(range -> disk.dirty.set((int) (range.offset() / Workbench.CHUNK), (int)
                        Math.ceilDiv(range.end(), (long) Workbench.CHUNK)));
        byte[] before = disk.bytes.clone();
        Arrays.fill(before, 500_000, 500_003, (byte) 0);
        byte[] noise = new byte[disk.bytes.length];
        new Random(3).nextBytes(noise);
        PointRecord increment = Workbench.capture(repository, disk, point.id());
        assertThat(repository.damagedChunks()).isZero();
        assertThat(Workbench.restore(repository, increment.id())).isEqualTo(disk.bytes);
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(noise);
    }

    @Test
    void aPackThatReclaimDeletedAShortWhileAgoHealsWhatWasMovedOutOfIt() {
        DiskModel half = new DiskModel(disk.bytes.length, Workbench.CHUNK);
        half.write(0, Arrays.copyOf(disk.bytes, disk.bytes.length));
        byte[] other = new byte[Workbench.CHUNK];
        for (int chunk = 0; chunk < half.chunks(); chunk++) {
            if (chunk / 16 % 4 != 0) {
                new Random(chunk).nextBytes(other);
                half.write(chunk * Workbench.CHUNK, other);
            }
        }
        PointRecord second = Workbench.capture(repository, half, point.id());
        repository.deletePoint(point.id());
        point = second;
        System.arraycopy(half.bytes, 0, disk.bytes, 0, disk.bytes.length);
        ReclaimLimits keep = new ReclaimLimits(Duration.ZERO, 0.5, 1L << 30, Duration.ofHours(1));
        assertThat(repository.reclaim(keep).rewrittenPacks()).isPositive();
        assertThat(repository.reclaim(keep).trash()).isPositive();
        dataPacks().forEach(pack -> spoil(pack, bytes -> bytes[100] ^= 1));
        ScrubReport report = scrub();
        assertThat(report.healedChunks()).isPositive();
        Workbench.capture(repository, half, null);
        healedForGood();
    }

    @Test
    void aRottenOrMissingRecordIsWrittenAnew() {
        Path record = directory.resolve("points/" + point.id());
        spoil(record, bytes -> bytes[40] ^= 1);
        ScrubReport report = scrub();
        assertThat(report.damagedRecords()).isZero();
        try (Repository elsewhere = Repository.open(
                DirectoryBlobStore.open(directory), new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            assertThat(elsewhere.rebuild(_ -> {}).points()).isEqualTo(1);
        }
        delete(record);
        emptyTrash();
        assertThat(repository.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
        assertThat(scrub().damagedRecords()).isZero();
        assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
        healedForGood();
    }

    @Test
    void theRecordOfAPointThatWasDeletedIsNotMadeUpByACatalogFromADump() {
        DataSource other = CatalogServer.freshDatabase();
        try (Repository dump = Repository.open(DirectoryBlobStore.open(directory), new Unlock.Nothing(), other)) {
            dump.rebuild(_ -> {});
            repository.deletePoint(point.id());
            assertThatThrownBy(() -> dump.scrub(ScrubLimits.everything(), ScrubListener.NONE))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.code()).isEqualTo(StorageErrorCode.CATALOG_NEEDS_REBUILD));
            assertThat(directory.resolve("points/" + point.id())).doesNotExist();
            dump.deletePoint(point.id());
            assertThat(dump.catalogState()).isEqualTo(CatalogState.NEEDS_REBUILD);
            assertThat(dump.rebuild(_ -> {}).points()).isZero();
        }
    }

    @Test
    void aScrubThatIsCutOffGoesOnWhereItWas() {
        IllegalStateException killed = new IllegalStateException("killed");
        int all = packs().size();
        assertThatThrownBy(() -> repository.scrub(ScrubLimits.everything(), progress -> {
                    if (progress.packs() == 2) {
                        throw killed;
                    }
                }))
                .isSameAs(killed);
        ScrubReport rest = scrub();
        assertThat(rest.provenPacks()).isEqualTo(all - 2);
        assertThat(scrub().provenPacks()).as("a new one begins anew").isEqualTo(all);
    }

    @Test
    void aShareIsReadOfWhatWasNotProvenForTheLongestTime() {
        ScrubLimits third = new ScrubLimits(Duration.ofDays(30), 0.34, 0);
        long read = 0;
        for (int night = 0; night < 3; night++) {
            read += repository.scrub(third, ScrubListener.NONE).provenPacks();
        }
        assertThat(repository.proofs().neverChecked()).isZero();
        assertThat(read).isLessThanOrEqualTo(packs().size() + 3);
        assertThat(repository
                        .scrub(new ScrubLimits(Duration.ofDays(30), 0, 0), ScrubListener.NONE)
                        .provenPacks())
                .isZero();
    }

    @Test
    void aRepositoryThatIsNotThereIsNotDamaged() throws IOException {
        Path elsewhere = otherDirectory.resolve("elsewhere");
        Files.move(directory, elsewhere);
        Files.createDirectory(directory);
        assertThatThrownBy(this::scrub)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.REPOSITORY_NOT_FOUND));
        Files.delete(directory);
        Files.move(elsewhere, directory);
        assertThat(repository.damagedChunks()).isZero();
        assertThat(scrub().isClean()).isTrue();
    }

    @Test
    void aLockedRepositoryIsProvenAndMendedWithoutItsKey() {
        DataSource other = CatalogServer.freshDatabase();
        Path place = otherDirectory.resolve("locked");
        RecoveryKey key = RecoveryKey.generate(new SecureRandom());
        RepositoryOptions options = new RepositoryOptions(
                repository.config().chunkSize(), 256 * 1024, new NewKeys("a passphrase for a test", key));
        PointRecord sealed;
        try (Repository encrypted = Repository.create(DirectoryBlobStore.create(place), options, other)) {
            sealed = Workbench.capture(encrypted, disk, null);
        }
        List<Path> data = packs(place).stream().filter(pack -> kind(pack) == 1).toList();
        spoil(data.get(0), bytes -> bytes[3] ^= 1);
        spoil(data.get(1), bytes -> bytes[200] ^= 1);
        try (Repository locked = Repository.openLocked(DirectoryBlobStore.open(place), other)) {
            ScrubReport report = locked.scrub(ScrubLimits.everything(), ScrubListener.NONE);
            assertThat(report.damagedPacks()).isEqualTo(2);
            assertThat(report.healedChunks()).isPositive();
            assertThat(report.damagedChunks()).isPositive().isLessThanOrEqualTo(16);
            assertThat(locked.damage(10).points()).hasSize(1);
        }
        try (Repository open = Repository.open(DirectoryBlobStore.open(place), new Unlock.Recovery(key), other)) {
            Workbench.capture(open, disk, null);
            assertThat(Workbench.restore(open, sealed.id())).isEqualTo(disk.bytes);
        }
    }

    /** The ranges that are told fail to be read, and all others give what was written. */
    private void requireExactly(DamagedPoint damaged) {
        var reader = repository.reader(damaged.point().id());
        long at = 0;
        for (var range : damaged.reach().ranges()) {
            assertThat(Workbench.part(reader, at, range.offset() - at))
                    .isEqualTo(Arrays.copyOfRange(disk.bytes, (int) at, (int) range.offset()));
            for (long chunk = range.offset(); chunk < range.end(); chunk += Workbench.CHUNK) {
                long from = chunk;
                long length = Math.min(Workbench.CHUNK, range.end() - from);
                assertThatThrownBy(() -> Workbench.part(reader, from, length)).isInstanceOf(StorageException.class);
            }
            at = range.end();
        }
        assertThat(Workbench.part(reader, at, reader.size() - at))
                .isEqualTo(Arrays.copyOfRange(disk.bytes, (int) at, disk.bytes.length));
    }

    /** Nothing is damaged any more, no damaged file is left once space was reclaimed, and the catalog made anew says the same. */
    private void healedForGood() {
        scrub();
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);
        ScrubReport report = scrub();
        assertThat(report.isClean()).as("%s", report).isTrue();
        assertThat(repository.damage(10).isClean()).isTrue();
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
        try (Repository elsewhere = Repository.open(
                DirectoryBlobStore.open(directory), new Unlock.Nothing(), CatalogServer.freshDatabase())) {
            var rebuilt = elsewhere.rebuild(_ -> {});
            assertThat(rebuilt.leftOutPacks()).isEmpty();
            assertThat(rebuilt.leftOutPoints()).isEmpty();
            assertThat(Workbench.restore(elsewhere, point.id())).isEqualTo(disk.bytes);
        }
    }

    private ScrubReport scrub() {
        return repository.scrub(ScrubLimits.everything(), ScrubListener.NONE);
    }

    private void emptyTrash() {
        try (Stream<Path> files = Files.list(directory.resolve("trash"))) {
            files.forEach(ScrubIT::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> dataPacks() {
        return packs().stream().filter(pack -> kind(pack) == 1).toList();
    }

    private List<Path> packs() {
        return packs(directory);
    }

    private static List<Path> packs(Path repository) {
        try (Stream<Path> files = Files.walk(repository.resolve("packs"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> PackId.ofBlobName(
                                    repository.relativize(file).toString())
                            .isPresent())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int kind(Path pack) {
        return read(pack)[8];
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How bytes change. */
    @FunctionalInterface
    private interface Change {
        byte[] of(byte[] bytes);
    }

    private interface Spoil {
        void spoil(byte[] bytes);
    }

    private static void spoil(Path file, Spoil spoil) {
        change(file, bytes -> {
            spoil.spoil(bytes);
            return bytes;
        });
    }

    private static void change(Path file, Change change) {
        byte[] changed = change.of(read(file));
        delete(file);
        try {
            Files.write(file, changed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
