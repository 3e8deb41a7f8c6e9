package dev.nightjar.service.source.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QmpConnectionTest {

    private static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"major\": 10}}, \"capabilities\": []}}";
    private static final String READY = "{\"return\": {}, \"id\": 1}";
    private static final QmpLimits SHORT =
            new QmpLimits(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300), 64 * 1024);

    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final QmpLimits PATIENT = new QmpLimits(AMPLE, AMPLE, AMPLE, 64 * 1024);

    private static final QmpLimits ONE_COMMAND = new QmpLimits(AMPLE, Duration.ofMillis(200), AMPLE, 64 * 1024);

    private final TempDirectory directory = TempDirectory.create();
    private final Path socket = directory.resolve("qmp.sock");

    @AfterEach
    void deleteDirectory() {
        directory.close();
    }

    @Test
    void negotiatesAndPairsAnswersWithCommands() {
        try (ScriptedQmp server =
                        ScriptedQmp.at(socket).say(GREETING).answer(READY).answer("{\"return\": [\"x\"], \"id\": 2}");
                QmpConnection qmp = QmpConnection.open(socket, PATIENT)) {
            assertThat(qmp.execute("query-jobs").get(0).asString()).isEqualTo("x");
            assertThat(server.heard())
                    .containsExactly(
                            "{\"execute\":\"qmp_capabilities\",\"id\":1}", "{\"execute\":\"query-jobs\",\"id\":2}");
        }
    }

    @Test
    void passesEventsByWhileItWaitsForAnAnswer() {
        try (ScriptedQmp _ = ScriptedQmp.at(socket)
                        .say(GREETING)
                        .answer("{\"event\": \"STOP\"}\r\n" + READY)
                        .answer("{\"event\": \"RESUME\"}\r\n\r\n{\"return\": {\"a\": 1}, \"id\": 2}");
                QmpConnection qmp = QmpConnection.open(socket, PATIENT)) {
            assertThat(qmp.execute("query-status").path("a").asInt()).isEqualTo(1);
        }
    }

    @Test
    void sendsArgumentsAsJson() {
        try (ScriptedQmp server =
                        ScriptedQmp.at(socket).say(GREETING).answer(READY).answer("{\"return\": {}, \"id\": 2}");
                QmpConnection qmp = QmpConnection.open(socket, PATIENT)) {
            qmp.execute("job-cancel", Map.of("id", "it's a \"job\""));
            assertThat(server.heard().getLast())
                    .isEqualTo("{\"execute\":\"job-cancel\",\"arguments\":{\"id\":\"it's a \\\"job\\\"\"},\"id\":2}");
        }
    }

    @Test
    void tellsWhatTheServerRefusedAndLivesOn() {
        try (ScriptedQmp _ = ScriptedQmp.at(socket)
                        .say(GREETING)
                        .answer(READY)
                        .answer("{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"no such thing\"}, \"id\": 2}")
                        .answer("{\"return\": 7, \"id\": 3}");
                QmpConnection qmp = QmpConnection.open(socket, PATIENT)) {
            assertThatThrownBy(() -> qmp.execute("frobnicate"))
                    .hasMessageContaining("frobnicate")
                    .hasMessageContaining("no such thing")
                    .asInstanceOf(type(QmpException.class))
                    .extracting(QmpException::reason)
                    .isEqualTo(QmpErrorCode.QMP_COMMAND_FAILED);
            assertThat(qmp.execute("query-jobs").asInt()).isEqualTo(7);
        }
    }

    @Test
    void saysThatNobodyListens() {
        fails(() -> QmpConnection.open(socket, PATIENT), QmpErrorCode.QMP_UNREACHABLE);
    }

    @Test
    void saysThatAPathIsTooLongForASocket() {
        fails(() -> QmpConnection.open(Path.of("/" + "x".repeat(200)), PATIENT), QmpErrorCode.QMP_UNREACHABLE);
    }

    @Test
    void givesUpOnAServerThatAcceptsAndStaysSilent() {
        try (ScriptedQmp _ = ScriptedQmp.at(socket)) {
            fails(() -> QmpConnection.open(socket, SHORT), QmpErrorCode.QMP_UNREACHABLE);
        }
    }

    @Test
    void givesUpOnACommandThatIsNotAnsweredAndOnTheConnection() {
        try (ScriptedQmp _ = ScriptedQmp.at(socket).say(GREETING).answer(READY);
                QmpConnection qmp = QmpConnection.open(socket, ONE_COMMAND)) {
            fails(() -> qmp.execute("query-jobs"), QmpErrorCode.QMP_TIMED_OUT);
            fails(() -> qmp.execute("query-jobs"), QmpErrorCode.QMP_TIMED_OUT);
        }
    }

    @Test
    void refusesWhatIsNotJson() {
        try (ScriptedQmp _ = ScriptedQmp.at(socket).say("QEMU 10.0.2 monitor - type 'help'")) {
            fails(() -> QmpConnection.open(socket, PATIENT), QmpErrorCode.QMP_PROTOCOL_VIOLATION);
        }
    }

    @Test
    void refusesAnAnswerThatNobodyAskedFor() {
        try (ScriptedQmp _ = ScriptedQmp.at(socket).say(GREETING).answer("{\"return\": {}, \"id\": 9}")) {
            fails(() -> QmpConnection.open(socket, PATIENT), QmpErrorCode.QMP_PROTOCOL_VIOLATION);
        }
    }

    @Test
    void refusesAMessageOverItsLimitBeforeItIsWhole() {
        try (ScriptedQmp _ = ScriptedQmp.at(socket)
                        .say(GREETING)
                        .answer(READY)
                        .answerExactly("{\"return\": \"" + "x".repeat(70_000));
                QmpConnection qmp = QmpConnection.open(socket, PATIENT)) {
            fails(() -> qmp.execute("query-qmp-schema"), QmpErrorCode.QMP_PROTOCOL_VIOLATION);
        }
    }

    @Test
    void takesAMessageAsLongAsTheLimitAllows() {
        String value = "x".repeat(64 * 1024 - "{\"return\": \"\", \"id\": 2}\n".length());
        try (ScriptedQmp _ = ScriptedQmp.at(socket)
                        .say(GREETING)
                        .answer(READY)
                        .answerExactly("{\"return\": \"" + value + "\", \"id\": 2}\n");
                QmpConnection qmp = QmpConnection.open(socket, PATIENT)) {
            assertThat(qmp.execute("query-qmp-schema").asString()).isEqualTo(value);
        }
    }

    @Test
    void tellsEverybodyWhoWaitsThatTheServerIsGone() {
        try (ScriptedQmp _ = ScriptedQmp.at(socket).say(GREETING).answer(READY).hangUp();
                QmpConnection qmp = QmpConnection.open(socket, PATIENT)) {
            fails(() -> qmp.execute("quit"), QmpErrorCode.QMP_DISCONNECTED);
        }
    }

    private static void fails(ThrowingCallable call, QmpErrorCode code) {
        assertThatThrownBy(call)
                .asInstanceOf(type(QmpException.class))
                .satisfies(e -> assertThat(e.hint()).isNotBlank())
                .extracting(QmpException::reason)
                .isEqualTo(code);
    }
}
