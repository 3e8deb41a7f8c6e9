package dev.nightjar.cli.nbd;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.tls.TlsSettings;
import dev.nightjar.nbd.client.tls.TlsUse;
import dev.nightjar.nbd.protocol.ReplyMode;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a server is talked to; the same options for every command. */
public final class ServerOptions {

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "how long nothing may come while an answer is waited for (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds = 60;

    @Option(
            names = "--highest-mode",
            paramLabel = "MODE",
            defaultValue = "extended",
            description = "simple, structured or extended replies at most, to see a server as an older client does"
                    + " (default: ${DEFAULT-VALUE})")
    private ReplyMode highestMode = ReplyMode.EXTENDED;

    @Option(
            names = "--tls",
            paramLabel = "USE",
            defaultValue = "never",
            description = "never, preferred or required; nbds:// requires it in any case (default: ${DEFAULT-VALUE})")
    private TlsUse tls = TlsUse.NEVER;

    @Option(
            names = "--tls-certificates",
            paramLabel = "DIR",
            description = "a directory with ca-cert.pem, and client-cert.pem with client-key.pem if there are any")
    private @Nullable Path certificates;

    @Option(
            names = "--tls-hostname",
            paramLabel = "NAME",
            description = "whom the server's certificate is for (default: the host in the URI)")
    private @Nullable String hostName;

    /** Without any metadata context. */
    public NbdOptions toOptions() {
        if (timeoutSeconds < 1) {
            throw new CommandFailure(
                    CommandErrorCode.INVALID_ARGUMENT,
                    "--timeout " + timeoutSeconds + " leaves no time",
                    "Say at least one second.");
        }
        return NbdOptions.defaults()
                .withOptionalContexts()
                .withHighestMode(highestMode)
                .withRequestTimeout(Duration.ofSeconds(timeoutSeconds))
                .withTls(encryption());
    }

    private TlsSettings encryption() {
        TlsSettings settings = TlsSettings.NEVER.withUse(tls);
        if (certificates != null) {
            settings = settings.withDirectory(certificates);
        }
        return hostName == null ? settings : settings.withHostName(hostName);
    }
}
