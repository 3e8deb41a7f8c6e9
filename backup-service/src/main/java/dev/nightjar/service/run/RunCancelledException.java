package dev.nightjar.service.run;

/** Somebody asked for the run to end. */
public final class RunCancelledException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RunCancelledException() {
        super("the run was cancelled");
    }
}
