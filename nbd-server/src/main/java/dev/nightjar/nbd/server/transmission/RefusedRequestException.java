package dev.nightjar.nbd.server.transmission;

import java.io.Serial;

/** A request turns out to break a rule while it is performed. Immutable. */
final class RefusedRequestException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final RequestRule rule;

    RefusedRequestException(RequestRule rule) {
        super(rule.message());
        this.rule = rule;
    }

    RequestRule rule() {
        return rule;
    }
}
