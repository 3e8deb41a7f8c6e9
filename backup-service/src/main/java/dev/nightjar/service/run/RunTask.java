package dev.nightjar.service.run;

/** The work of a run. Called once, on a virtual thread of its own; may block. */
@FunctionalInterface
public interface RunTask {

    /**
     * Does the work. Returning means COMPLETE; whatever it throws is described to people and means FAILED, or CANCELLED if it is the
     * {@link RunCancelledException} of {@link RunContext#checkCancelled}. The task has undone by then what must not stay.
     */
    void execute(RunContext context);
}
