package dev.nightjar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.cli.Terminal.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong arguments end with 2, a code and a hint; nothing is tried, and no stack trace is shown. */
class BadInputTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nbd",
                "nbd frobnicate",
                "nbd info",
                "nbd info --frobnicate nbd://localhost",
                "nbd info nbd://localhost nbd://localhost",
                "nbd info --timeout 0 nbd://localhost",
                "nbd info --timeout soon nbd://localhost",
                "nbd info --highest-mode best nbd://localhost",
                "nbd info --tls maybe nbd://localhost",
                "nbd list",
                "nbd map",
                "nbd map --context",
                "nbd copy",
                "nbd copy nbd://localhost",
                "nbd copy --connections 0 nbd://localhost null:",
                "nbd copy --connections 65 nbd://localhost null:",
                "nbd copy --requests 0 nbd://localhost null:",
                "nbd copy --requests 5000 nbd://localhost null:",
                "nbd copy --request-size 1 nbd://localhost null:",
                "nbd copy --request-size 64M nbd://localhost null:",
                "nbd copy --request-size much nbd://localhost null:",
                "nbd copy --request-size 99999999999999999P nbd://localhost null:",
                "nbd copy --sparse 3000 nbd://localhost null:",
                "nbd copy --sparse 2M nbd://localhost null:",
                "nbd copy --json nbd://localhost -",
                "nbd copy - null:",
                "nbd copy null: null:",
                "repository",
                "repository inspect",
                "repository inspect /r not-a-point",
                "repository inspect /r pack not-a-hash",
                "repository inspect /r point 1",
                "repository check",
                "repository check --point not-a-point /r",
                "repository check --without-key --point 00000000-0000-0000-0000-000000000000 /r",
                "repository restore /r",
                "repository restore /r not-a-point file"
            })
    void wrongArgumentsAreExplained(String line) {
        assertUsage(Terminal.run(line.isEmpty() ? new String[0] : line.split(" ")), "INVALID_ARGUMENT: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "http://localhost/disk",
                "nbd:localhost:10809",
                "nbd://",
                "nbd://localhost:0/",
                "nbd://localhost:65536/",
                "nbd://localhost/%zz",
                "nbd+unix:///disk",
                "nbd+unix:///disk?socket=relative",
                "nbd+unix://host/disk?socket=/run/nbd.sock",
                "nbds+unix:///disk?socket=/run/nbd.sock&tls-verify-peer=perhaps",
                "-x",
                "nbd://localhost/ --help"
            })
    void whatIsNotAnNbdUriIsRefusedByEveryCommand(String uri) {
        assertUsage(Terminal.run("nbd", "info", "--", uri), "INVALID_URI: ");
        assertUsage(Terminal.run("nbd", "list", "--", uri), "INVALID_URI: ");
        assertUsage(Terminal.run("nbd", "map", "--", uri), "INVALID_URI: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbd://", "NBD:disk", "nbd+unix:///x"})
    void copyTakesNothingForAFileThatLooksLikeAnNbdUri(String uri) {
        assertUsage(Terminal.run("nbd", "copy", uri, "null:"), "INVALID_URI: ");
    }

    @Test
    void whatOnlyOtherClientsSpeakIsSaidToBeUnsupported() {
        Outcome outcome = Terminal.run("nbd", "copy", "nbd+vsock://1/", "null:");
        assertThat(outcome.errors()).startsWith("UNSUPPORTED: ");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILURE);
    }

    @Test
    void anEmptyNameIsRefused() {
        assertUsage(Terminal.run("nbd", "copy", "", "null:"), "INVALID_ARGUMENT: ");
        assertUsage(Terminal.run("nbd", "map", "--context", "", "nbd://localhost/"), "INVALID_ARGUMENT: ");
    }

    @Test
    void aServerThatIsNotThereIsAFailureAndNotAUsageError() {
        Outcome outcome = Terminal.run("nbd", "info", "nbd+unix:///?socket=/nowhere/nbd.sock");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(outcome.errors()).startsWith("UNREACHABLE: ").doesNotContain("\tat ");
    }

    @Test
    void aFileThatIsNotThereIsAFailure() {
        Outcome outcome = Terminal.run("nbd", "copy", "/nowhere/disk.raw", "null:");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(outcome.errors())
                .startsWith("FILE_ERROR: cannot read /nowhere/disk.raw: it does not exist")
                .doesNotContain("\tat ");
    }

    @Test
    void helpGoesToStandardOutput() {
        for (String command : new String[] {"info", "list", "map", "copy"}) {
            assertThat(Terminal.succeed("nbd", command, "--help")).contains("nightjar nbd " + command);
        }
    }

    @Test
    void aReaderThatWentAwayEndsTheCommandWithoutAWord() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        Streams streams = new Streams(gone, new PrintStream(OutputStream.nullOutputStream()), false, 80);
        assertThat(Nightjar.commandLine(streams).execute("nbd", "copy", "/etc/os-release", "-"))
                .isEqualTo(ExitCode.BROKEN_PIPE);
    }

    private static void assertUsage(Outcome outcome, String start) {
        assertThat(outcome.errors()).startsWith(start).doesNotContain("\tat ").hasLineCount(2);
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.bytes()).isEmpty();
    }
}
