package dev.nightjar.nbd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.testkit.Endpoint;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A network that loses connections between the client and a real qemu-nbd. */
@ExtendWith(NoLeaks.class)
class LostConnectionsIT {

    private static final String LATE = "qemu:dirty-bitmap:" + SampleDisk.LATE;
    private static final NbdOptions RETURNING = NbdOptions.defaults()
            .withContexts(LATE)
            .withReconnect(new Reconnect(8, Duration.ofMillis(5), Duration.ofMillis(50), () -> true));
    private static TempDirectory directory;
    private static SampleDisk sample;

    @BeforeAll
    static void createDisk() {
        directory = TempDirectory.create();
        sample = SampleDisk.create(directory.path());
    }

    @AfterAll
    static void deleteDisk() {
        directory.close();
    }

    private static QemuNbd server() {
        return QemuNbd.serving(sample.disk())
                .bitmap(SampleDisk.LATE)
                .clients(16)
                .start(directory.path());
    }

    private static CuttingProxy proxy(QemuNbd server, long bytes, int cuts) {
        Path socket = ((Endpoint.Unix) server.endpoint()).socket();
        return new CuttingProxy(socket, directory.resolve("proxy-" + System.nanoTime()), bytes, cuts);
    }

    @Test
    void everyByteIsReadAlthoughConnectionsAreLostInTheMiddleOfAnswers() {
        try (QemuNbd server = server();
                CuttingProxy proxy = proxy(server, 700_001, 6);
                NbdClient client = NbdClient.open(proxy.uri(), RETURNING)) {
            assertThat(Reading.all(client, 1 << 20)).isEqualTo(sample.content());
            assertThat(proxy.cuts()).isEqualTo(6);
            List<Extent> extents = new ArrayList<>();
            client.walk(0, SampleDisk.SIZE, extents::add);
            assertThat(extents.getLast().end()).isEqualTo(SampleDisk.SIZE);
        }
    }

    @Test
    void aWalkSurvivesALostConnection() {
        try (QemuNbd server = server();
                CuttingProxy cutting = proxy(server, 0, 0);
                CuttingProxy sound = proxy(server, 0, 0);
                NbdClient client = NbdClient.open(cutting.uri(), RETURNING);
                NbdClient other = NbdClient.open(sound.uri(), RETURNING)) {
            List<Extent> extents = new ArrayList<>();
            List<Extent> expected = new ArrayList<>();
            cutting.cutAfter(20);
            client.walk(0, SampleDisk.SIZE, extents::add);
            other.walk(0, SampleDisk.SIZE, expected::add);
            assertThat(extents).isEqualTo(expected);
            assertThat(cutting.cuts()).isEqualTo(1);
        }
    }

    @Test
    void withoutLeaveToComeBackALostConnectionIsTheEnd() {
        try (QemuNbd server = server();
                CuttingProxy proxy = proxy(server, 700_001, 100);
                NbdClient client = NbdClient.open(proxy.uri(), NbdOptions.defaults())) {
            assertThatThrownBy(() -> Reading.all(client, 1 << 20))
                    .cause()
                    .isInstanceOfSatisfying(
                            NbdException.class, e -> assertThat(e.code()).isEqualTo(NbdErrorCode.CLOSED));
        }
    }
}
