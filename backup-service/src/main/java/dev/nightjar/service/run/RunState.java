package dev.nightjar.service.run;

/** Where a run stands. */
public enum RunState {
    /** Accepted, not begun. */
    QUEUED,
    /** At work. */
    RUNNING,
    /** Done, and everything it promises holds. */
    COMPLETE,
    /** Ended by an error; nothing that it began counts. */
    FAILED,
    /** Ended because somebody asked for it; nothing that it began counts. */
    CANCELLED,
    /** Its process died; nothing that it began counts. */
    INTERRUPTED;

    /** Whether the run can still change. */
    public boolean active() {
        return this == QUEUED || this == RUNNING;
    }
}
