package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.copy.CopyHealing;
import dev.nightjar.storage.copy.CopyListener;
import dev.nightjar.storage.copy.PointCopy;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.scrub.ScrubLimits;
import dev.nightjar.storage.scrub.ScrubListener;
import dev.nightjar.storage.scrub.ScrubReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one repository has lost comes back from another one with other keys, both in one database. */
@Timeout(120)
class CopyHealingIT {

    private static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.5, 1L << 30);
    private static final int DATA = 1;
    private static final int MAP = 2;

    @TempDir
    Path directory;

    private final DataSource database = CatalogServer.freshDatabase();
    private final DiskModel disk = new DiskModel(1_000_000, Workbench.CHUNK);
    private Repository repository;
    private Repository second;
    private PointRecord point;

    @BeforeEach
    void copyAPoint() {
        byte[] noise = new byte[disk.bytes.length];
        new Random(3).nextBytes(noise);
        disk.write(0, noise);
        repository = Workbench.create(DirectoryBlobStore.create(directory.resolve("first")), database);
        second = Workbench.create(DirectoryBlobStore.create(directory.resolve("second")), database);
        point = Workbench.capture(repository, disk, null);
        new PointCopy(repository, second).copy(UUID.randomUUID(), List.of(point.id()), CopyListener.NONE);
    }

    @AfterEach
    void close() {
        repository.close();
        second.close();
    }

    @Test
    void lostChunksAndMapNodesComeBackForGood() {
        spoil(packs("first", DATA).getFirst());
        packs("first", DATA).reversed().stream().limit(1).forEach(CopyHealingIT::delete);
        long lost = scrub(repository).damagedChunks();
        assertThat(lost).isPositive();
        assertThat(heal(repository, second)).isEqualTo(lost);
        packs("first", MAP).forEach(CopyHealingIT::delete);
        assertThat(scrub(repository).damagedChunks()).isPositive();
        assertThat(heal(repository, second)).isPositive();

        assertThat(repository.damagedChunks()).isZero();
        assertThat(repository.points()).hasSize(1);
        scrub(repository);
        repository.reclaim(AT_ONCE);
        repository.reclaim(AT_ONCE);
        ScrubReport report = scrub(repository);
        assertThat(report.isClean()).as("%s", report).isTrue();
        assertThat(Workbench.restore(repository, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void theCopyHealsFromItsOriginal() {
        packs("second", DATA).forEach(CopyHealingIT::delete);
        long lost = scrub(second).damagedChunks();
        assertThat(heal(second, repository)).isEqualTo(lost).isPositive();
        assertThat(Workbench.restore(second, point.id())).isEqualTo(disk.bytes);
    }

    @Test
    void whatIsDamagedInBothDoesNotKeepTheRestFromHealing() {
        packs("first", DATA).forEach(CopyHealingIT::delete);
        spoil(packs("second", DATA).getFirst());
        // What it has read before it may still have in memory.
        second.close();
        second = Repository.open(DirectoryBlobStore.open(directory.resolve("second")), new Unlock.Nothing(), database);
        long lost = scrub(repository).damagedChunks();
        long healed = heal(repository, second);
        assertThat(healed).isPositive().isLessThan(lost);
        assertThat(repository.damagedChunks())
                .isEqualTo(lost - healed)
                .isEqualTo(scrub(second).damagedChunks());
    }

    @Test
    void whoeverStopsItKeepsNothing() {
        packs("first", DATA).forEach(CopyHealingIT::delete);
        scrub(repository);
        UUID run = UUID.randomUUID();
        assertThatThrownBy(() -> new CopyHealing(repository, second).run(run, () -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
        new CopyHealing(repository, second).end(run);
        assertThat(heal(repository, second)).isPositive();
        second.deletePoint(point.id());
        second.reclaim(AT_ONCE);
        assertThat(second.reclaim(AT_ONCE).waitingPacks()).isZero();
    }

    private static long heal(Repository damaged, Repository copies) {
        return new CopyHealing(damaged, copies).run(UUID.randomUUID(), () -> {});
    }

    private static ScrubReport scrub(Repository repository) {
        return repository.scrub(ScrubLimits.everything(), ScrubListener.NONE);
    }

    private List<Path> packs(String repository, int kind) {
        try (Stream<Path> files = Files.walk(directory.resolve(repository).resolve("packs"))) {
            return files.filter(Files::isRegularFile)
                    .filter(pack -> read(pack)[8] == kind)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void spoil(Path pack) {
        byte[] bytes = read(pack);
        bytes[100] ^= 1;
        delete(pack);
        try {
            Files.write(pack, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
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
