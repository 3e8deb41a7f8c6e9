package dev.nightjar.storage.repository;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that somebody sets, and the time that really passes. */
public final class SettableClock implements InstantSource {

    private Instant now;
    private long steadyNanos;

    /** Shows an instant. */
    public SettableClock(Instant now) {
        this.now = now;
    }

    /** Sets the clock; no time passes. */
    public void set(Instant instant) {
        now = instant;
    }

    /** Lets time pass. */
    public void pass(Duration duration) {
        now = now.plus(duration);
        steadyNanos += duration.toNanos();
    }

    /** The time that has really passed. */
    public long steadyNanos() {
        return steadyNanos;
    }

    @Override
    public Instant instant() {
        return now;
    }
}
