package dev.nightjar.storage.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.golden.IndependentReader.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What docs/format.md says is enough to restore every point of the golden repositories. */
class IndependentReaderTest {

    private static final Path V1 = Path.of("src/test/resources/golden/v1");

    @Test
    void theDocumentIsEnoughToReadAPlainRepository() {
        assertThatEverythingIsThere(IndependentReader.plain(V1.resolve("plain")));
    }

    @Test
    void theDocumentIsEnoughToReadAnEncryptedRepositoryByItsPassphrase() {
        assertThatEverythingIsThere(IndependentReader.byPassphrase(V1.resolve("encrypted"), GoldenDisks.PASSPHRASE));
    }

    @Test
    void theDocumentIsEnoughToReadAnEncryptedRepositoryByItsRecoveryKey() throws IOException {
        assertThatEverythingIsThere(IndependentReader.byRecoveryKey(
                V1.resolve("encrypted"),
                Files.readString(V1.resolve("recovery-key.txt")).strip()));
    }

    private static void assertThatEverythingIsThere(IndependentReader reader) {
        List<Point> points = reader.points();
        assertThat(points).hasSize(GoldenDisks.STEPS * GoldenDisks.NAMES.size());
        Map<String, Point> byName =
                points.stream().collect(Collectors.toMap(IndependentReaderTest::name, Function.identity()));
        for (int step = 0; step < GoldenDisks.STEPS; step++) {
            for (String disk : GoldenDisks.NAMES) {
                Point point = byName.get(disk + " " + GoldenDisks.instant(step));
                assertThat(reader.restore(point)).isEqualTo(GoldenDisks.bytes(disk, step));
                assertThat(point.machine()).isEqualTo("gölden");
                assertThat(point.mode()).isEqualTo(step == 0 ? "FULL" : "INCREMENTAL");
                assertThat(point.consistency()).isEqualTo(step == 1 ? "FILESYSTEM" : "CRASH");
                assertThat(point.checkpoint())
                        .isEqualTo(disk.equals("vda") ? "nightjar-" + step + " identity-" + step : null);
                assertThat(point.parent())
                        .isEqualTo(
                                step == 0
                                        ? null
                                        : byName.get(disk + " " + GoldenDisks.instant(step - 1))
                                                .id());
                assertThat(point.damaged())
                        .isEqualTo(
                                disk.equals("vdb") && step == 1
                                        ? List.of((long) GoldenDisks.DAMAGED_OFFSET, (long) GoldenDisks.DAMAGED_LENGTH)
                                        : List.of());
            }
            String instant = " " + GoldenDisks.instant(step);
            assertThat(byName.get("vda" + instant).set())
                    .isEqualTo(byName.get("vdb" + instant).set());
        }
    }

    private static String name(Point point) {
        return point.disk() + " " + point.instant();
    }
}
