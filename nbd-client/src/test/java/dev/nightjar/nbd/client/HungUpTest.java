package dev.nightjar.nbd.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.ReplyMode;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that hangs up between the handshake and the first request. */
@ExtendWith(NoLeaks.class)
class HungUpTest {

    /** The end comes before, while, or after transmission begins: often enough for each of them. */
    @Test
    void aServerThatHangsUpRightBehindTheHandshakeIsALostConnection() {
        ScriptedServer.Script hangsUp =
                client -> client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
        ScriptedServer.Script[] scripts = new ScriptedServer.Script[300];
        Arrays.fill(scripts, hangsUp);
        try (ScriptedServer server = ScriptedServer.playing(scripts)) {
            for (ScriptedServer.Script _ : scripts) {
                assertThatThrownBy(() -> readOne(server.uri()))
                        .asInstanceOf(InstanceOfAssertFactories.type(NbdException.class))
                        .extracting(NbdException::code)
                        .isEqualTo(NbdErrorCode.CLOSED);
            }
        }
    }

    private static void readOne(NbdUri uri) throws Throwable {
        try (NbdConnection connection =
                NbdConnection.open(uri, NbdOptions.defaults().withOptionalContexts())) {
            connection.read(0, 512).get(5, TimeUnit.SECONDS).release();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
