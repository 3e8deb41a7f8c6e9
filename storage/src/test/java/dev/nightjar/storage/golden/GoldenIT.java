package dev.nightjar.storage.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.offline.CheckOptions;
import dev.nightjar.storage.offline.CheckReport;
import dev.nightjar.storage.offline.OfflineRepository;
import dev.nightjar.storage.offline.Progress;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.rebuild.RebuildReport;
import dev.nightjar.storage.recover.RecoveryPointReader;
import dev.nightjar.storage.repository.Repository;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What version 1 of the format wrote is read by this release, as it is by every later one. */
class GoldenIT {

    private static final Path V1 = Path.of("src/test/resources/golden/v1");

    @TempDir
    Path directory;

    static Stream<Kept> kept() throws IOException {
        RecoveryKey recoveryKey = RecoveryKey.parse(
                Files.readString(V1.resolve("recovery-key.txt")).strip());
        return Stream.of(
                new Kept("plain", new Unlock.Nothing()),
                new Kept("encrypted", new Unlock.Passphrase(GoldenDisks.PASSPHRASE)),
                new Kept("encrypted", new Unlock.Recovery(recoveryKey)));
    }

    record Kept(String name, Unlock unlock) {}

    @ParameterizedTest
    @MethodSource("kept")
    void aCatalogIsRebuiltFromItAndEveryPointIsIdentical(Kept kept) throws IOException {
        copy(V1.resolve(kept.name()), directory);
        try (Repository repository =
                Repository.open(DirectoryBlobStore.open(directory), kept.unlock(), CatalogServer.freshDatabase())) {
            RebuildReport report = repository.rebuild(ProgressListener.NONE);
            assertThat(report.leftOutPacks()).isEmpty();
            assertThat(report.leftOutPoints()).isEmpty();
            assertThatAllAreIdentical(repository.points().stream()
                    .map(point -> repository.reader(point.id()))
                    .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("kept")
    void itIsSoundAndEveryPointIsIdenticalWithoutAnyCatalog(Kept kept) {
        OfflineRepository repository =
                OfflineRepository.open(DirectoryBlobStore.look(V1.resolve(kept.name())), kept.unlock());
        CheckReport report = repository.check(CheckOptions.EVERYTHING, Progress.NONE);
        assertThat(report.isSound()).isTrue();
        assertThat(report.points()).isEqualTo(6);
        assertThat(report.unproven()).isEmpty();
        assertThatAllAreIdentical(repository.facts(Progress.NONE).points().stream()
                .map(use -> repository.reader(use.point(), Progress.NONE))
                .toList());
    }

    @Test
    void whatIsKeptIsSmall() throws IOException {
        try (Stream<Path> files = Files.walk(V1)) {
            long bytes = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertThat(bytes).isBetween(50_000L, 300_000L);
        }
    }

    private static void assertThatAllAreIdentical(List<RecoveryPointReader> readers) {
        assertThat(readers).hasSize(GoldenDisks.STEPS * GoldenDisks.NAMES.size());
        for (RecoveryPointReader reader : readers) {
            ByteBuffer disk = ByteBuffer.allocate(Math.toIntExact(reader.size()));
            reader.read(0, disk);
            assertThat(disk.array()).isEqualTo(GoldenDisks.bytes(reader.point().diskName(), step(reader.point())));
        }
    }

    private static int step(PointRecord point) {
        for (int step = 0; step < GoldenDisks.STEPS; step++) {
            if (point.instant().equals(GoldenDisks.instant(step))) {
                return step;
            }
        }
        throw new AssertionError("no step at " + point.instant());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(path -> !path.equals(from)).toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }
}
