package dev.nightjar.service.config;

import dev.nightjar.service.error.NightjarException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says at start-up what kept the service from starting, and what to do. */
class NightjarFailureAnalyzer extends AbstractFailureAnalyzer<NightjarException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, NightjarException cause) {
        return new FailureAnalysis(cause.code() + ": " + cause.getMessage() + ".", cause.hint(), cause);
    }
}
