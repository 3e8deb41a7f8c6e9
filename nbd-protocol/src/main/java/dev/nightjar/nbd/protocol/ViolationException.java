package dev.nightjar.nbd.protocol;

/** The peer broke a rule. Nothing that it sends afterwards can be trusted: the connection has to be closed. Immutable. */
public final class ViolationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Violation violation;

    /**
     * A rule and how it was broken.
     *
     * @param detail what came instead, with the numbers
     */
    public ViolationException(Violation violation, String detail) {
        super(violation.name() + ": " + violation.rule() + "; " + detail);
        this.violation = violation;
    }

    /** The rule that was broken. */
    public Violation violation() {
        return violation;
    }
}
