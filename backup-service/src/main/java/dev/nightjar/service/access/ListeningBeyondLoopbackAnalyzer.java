package dev.nightjar.service.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says at start-up why the address is refused, and what to do. */
class ListeningBeyondLoopbackAnalyzer extends AbstractFailureAnalyzer<ListeningBeyondLoopbackException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ListeningBeyondLoopbackException cause) {
        return new FailureAnalysis(
                "LISTENING_BEYOND_LOOPBACK: " + cause.getMessage() + ".",
                "Leave server.address at 127.0.0.1 and reach the service through an SSH tunnel. In a container whose port is published on the "
                        + "host's loopback only, set nightjar.access.behind-loopback-proxy=true.",
                cause);
    }
}
