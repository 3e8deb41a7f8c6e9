package dev.nightjar.nbd.server;

import static dev.nightjar.nbd.protocol.Command.FLUSH;
import static dev.nightjar.nbd.protocol.Command.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.protocol.Magic;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionReply;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.server.export.Exports;
import dev.nightjar.nbd.server.handshake.OptionRule;
import dev.nightjar.nbd.server.transmission.RequestRule;
import dev.nightjar.nbd.server.transport.NoServerLeaks;
import dev.nightjar.testkit.Await;
import dev.nightjar.testkit.TempDirectory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How exports and servers end. */
@ExtendWith(NoServerLeaks.class)
class ClosingTest {

    private static final int SIZE = 1 << 20;

    private static ScriptedClient connect(TestServer server) throws IOException {
        return ScriptedClient.connect(UnixDomainSocketAddress.of(server.socket()));
    }

    @Test
    void whatWasBegunIsAnsweredAndWhatComesIsRefused() throws IOException {
        GatedDisk disk = new GatedDisk(SIZE);
        try (TestServer server = TestServer.serving(
                        TestExport.of("disk", disk), TestExport.of("other", MemoryDisk.sample(SIZE, false)));
                ScriptedClient client = connect(server);
                ScriptedClient other = connect(server)) {
            other.enter(ReplyMode.EXTENDED, "other");
            client.enter(ReplyMode.STRUCTURED, "disk").request(READ, 0, 0, 512);
            assertThat(Await.until(Duration.ofSeconds(1), () -> disk.begun() == 1))
                    .isTrue();

            CompletableFuture<Boolean> removal = CompletableFuture.supplyAsync(
                    () -> server.server().exports().remove("disk"));
            // The connection learns of it a moment later.
            boolean refused = false;
            while (!refused) {
                refused = client.request(FLUSH, 0, 0, 0).failed();
            }
            client.request(READ, 0, 0, 512).expectError(RequestRule.EXPORT_CLOSING);
            assertThat(removal).isNotDone();

            disk.open();
            assertThat(client.receive(20 + 12).getLong(8))
                    .as("cookie of the first")
                    .isEqualTo(1);
            client.expectClosed();
            assertThat(removal.join()).isTrue();
            assertThat(disk.closed()).isTrue();
            other.expectLife();
        }
    }

    @Test
    void aRequestThatHangsIsCutOffAfterTheGracePeriod() throws IOException {
        GatedDisk disk = new GatedDisk(SIZE);
        try (TestServer server = TestServer.with(
                        options -> options.withTimeouts(
                                Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(100)),
                        TestExport.of("disk", disk));
                ScriptedClient client = connect(server)) {
            client.enter(ReplyMode.STRUCTURED, "disk").request(READ, 0, 0, 512);
            assertThat(Await.until(Duration.ofSeconds(1), () -> disk.begun() == 1))
                    .isTrue();
            assertThat(server.server().exports().remove("disk")).isTrue();
            client.expectClosed();
            assertThat(disk.closed()).as("a request still uses it").isFalse();
            disk.open();
            assertThat(Await.until(Duration.ofSeconds(1), disk::closed)).isTrue();
        }
    }

    @Test
    void aServerThatClosesDisconnectsWhoeverIsThere() throws IOException {
        MemoryDisk disk = MemoryDisk.sample(SIZE, false);
        try (TestServer server = TestServer.serving(TestExport.of("disk", disk));
                ScriptedClient idle = connect(server);
                ScriptedClient greeted = connect(server)) {
            idle.enter(ReplyMode.EXTENDED, "disk");
            greeted.greet();
            server.server().close();
            idle.expectClosed();
            greeted.expectClosed();
            assertThat(disk.closed()).isTrue();
            assertThatThrownBy(() -> connect(server)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> server.server().exports().add(TestExport.of("late", disk)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anOptionToAServerThatClosesIsRefused() {
        Exports exports = new Exports(Duration.ZERO);
        EmbeddedChannel channel =
                new EmbeddedChannel(NbdServer.conversation(NbdServerOptions.defaults(), exports, Runnable::run));
        release(channel.readOutbound());
        exports.close();
        channel.writeInbound(Unpooled.buffer()
                .writeInt(3)
                .writeLong(Magic.OPTION)
                .writeInt(OptionCode.LIST)
                .writeInt(0));
        ByteBuf reply = channel.readOutbound();
        ByteBuf expected = Unpooled.buffer();
        new OptionReply.Refusal(OptionRule.SERVER_CLOSING.error(), OptionRule.SERVER_CLOSING.message())
                .encode(OptionCode.LIST, expected);
        assertThat(reply).isEqualTo(expected);
        reply.release();
        channel.finishAndReleaseAll();
    }

    private static void release(ByteBuf greeting) {
        assertThat(greeting.readableBytes()).isEqualTo(18);
        greeting.release();
    }

    @Test
    void aUnixSocketIsItsOwnersAloneAndGoneAtTheEnd() throws IOException {
        try (TempDirectory directory = TempDirectory.create()) {
            Path socket = directory.resolve("s");
            try (NbdServer server = listeningOn(socket)) {
                assertThat(Files.getPosixFilePermissions(socket))
                        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
                assertThat(server.addresses()).containsExactly(UnixDomainSocketAddress.of(socket));
                assertThat(directory.path().toFile().list())
                        .as("nothing beside it")
                        .containsExactly("s");
            }
            assertThat(directory.path().toFile().list()).isEmpty();
        }
    }

    @Test
    void aSocketThatAKilledServerLeftIsReplaced() throws IOException {
        try (TempDirectory directory = TempDirectory.create()) {
            Path socket = directory.resolve("s");
            try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                killed.bind(UnixDomainSocketAddress.of(socket));
            }
            assertThat(socket).exists();
            try (NbdServer server = listeningOn(socket);
                    ScriptedClient client =
                            ScriptedClient.connect(server.addresses().getFirst())) {
                client.greet();
            }
        }
    }

    @Test
    void aSocketThatIsInUseAndAFileThatIsNoneAreLeftAlone() throws IOException {
        try (TempDirectory directory = TempDirectory.create()) {
            Path socket = directory.resolve("s");
            try (NbdServer first = listeningOn(socket)) {
                assertThatThrownBy(() -> listeningOn(socket))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("in use");
                try (ScriptedClient client =
                        ScriptedClient.connect(first.addresses().getFirst())) {
                    client.greet();
                }
            }
            Path file = Files.writeString(directory.resolve("f"), "precious");
            assertThatThrownBy(() -> listeningOn(file)).hasMessageContaining("not a socket");
            assertThat(file).hasContent("precious");
        }
    }

    private static NbdServer listeningOn(Path socket) {
        return NbdServer.start(NbdServerOptions.defaults().withListen(UnixDomainSocketAddress.of(socket)));
    }
}
