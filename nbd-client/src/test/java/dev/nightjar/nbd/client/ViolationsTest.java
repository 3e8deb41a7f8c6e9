package dev.nightjar.nbd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.nightjar.nbd.client.transport.NoLeaks;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.nbd.protocol.Violation;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One hostile server for each rule and form: the client names the rule within a second, hangs up, hands out nothing, and holds little
 * memory; a connection to a sound server beside it notices nothing.
 */
@ExtendWith(NoLeaks.class)
class ViolationsTest {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    /** The pool grows by arenas of 16 MiB, of which there are two. */
    private static final long MEMORY_BYTES = 64 << 20;

    /** What only a server has to hold against its clients. */
    private static final Set<Violation> OF_CLIENTS = EnumSet.of(
            Violation.CLIENT_FLAGS,
            Violation.OPTION_MAGIC,
            Violation.OPTION_MALFORMED,
            Violation.OPTION_TOO_LONG,
            Violation.OPTIONS_TOO_MANY,
            Violation.OPTION_WITHOUT_REPLY,
            Violation.EXPORT_NAME_UNUSABLE,
            Violation.PLAINTEXT_AFTER_STARTTLS,
            Violation.REQUEST_MAGIC,
            Violation.REQUEST_COMMAND,
            Violation.REQUEST_PAYLOAD,
            Violation.STATUS_FILTER);

    private static ScriptedServer soundServer;
    private static NbdConnection bystander;

    static List<Hostile> hostiles() {
        return Hostile.all();
    }

    @BeforeAll
    static void connectElsewhere() {
        soundServer = ScriptedServer.playing(client -> {
            client.agree(ReplyMode.EXTENDED).go(Peer.FLAGS);
            for (Request next = client.nextRequest(); next.command() == Command.READ; next = client.nextRequest()) {
                client.data(next, ReplyHeader.DONE, next.offset(), (int) next.length(), 5);
            }
        });
        bystander = NbdConnection.open(soundServer.uri(), NbdOptions.defaults().withOptionalContexts());
    }

    @AfterAll
    static void disconnect() {
        bystander.close();
        soundServer.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostiles")
    void isNamedInTimeAndEndsTheConnection(Hostile hostile) {
        ScriptedServer.Script script = client -> {
            try {
                hostile.script().play(client);
                client.expectEnd();
            } catch (IOException expected) {
                // The client may hang up before all of the nonsense is sent.
                assertThat(expected).hasMessageMatching("(?i).*(connection reset|broken pipe|socket closed).*");
            }
        };
        try (ScriptedServer server =
                hostile.overTcp() ? ScriptedServer.playingOverTcp(script) : ScriptedServer.playing(script)) {
            NbdUri uri = server.uri();
            long begin = System.nanoTime();
            Throwable failure = catchThrowable(() -> hostile.visit().accept(uri));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LIMIT);
            assertThat(failure).isInstanceOfSatisfying(NbdException.class, e -> {
                assertThat(e.violation()).as(e.toString()).contains(hostile.expected());
                assertThat(e.code()).isEqualTo(NbdErrorCode.PROTOCOL_VIOLATION);
                assertThat(e.retryable()).isFalse();
            });
        }
        bystander.read(0, 512).join().release();
        assertThat(NoLeaks.pooledBytes()).isLessThanOrEqualTo(MEMORY_BYTES);
    }

    @Test
    void noRuleIsWithoutAServerThatBreaksIt() {
        Set<Violation> broken = Hostile.all().stream()
                .map(Hostile::expected)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Violation.class)));
        Set<Violation> expected = EnumSet.copyOf(Arrays.asList(Violation.values()));
        expected.removeAll(OF_CLIENTS);
        // Sixteen million rounds take longer than a second; ExtentWalkerTest has a server that creeps.
        expected.remove(Violation.STATUS_ROUNDS);
        assertThat(broken).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(Hostile.all()).hasSizeGreaterThanOrEqualTo(100);
    }
}
