package dev.nightjar.nbd.server.handshake;

import java.io.Serial;

/** An option cannot be granted; the handshake goes on. Immutable. */
final class RefusedOptionException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final OptionRule rule;

    RefusedOptionException(OptionRule rule) {
        super(rule.message());
        this.rule = rule;
    }

    OptionRule rule() {
        return rule;
    }
}
