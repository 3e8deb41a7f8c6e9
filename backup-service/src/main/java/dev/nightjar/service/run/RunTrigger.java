package dev.nightjar.service.run;

/** Who asked for a run. */
public enum RunTrigger {
    /** A person, or a program through the API. */
    MANUAL,
    /** A policy's schedule, or the appliance's own. */
    SCHEDULE
}
