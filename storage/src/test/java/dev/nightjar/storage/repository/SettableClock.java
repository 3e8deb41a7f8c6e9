package dev.nightjar.storage.repository;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that somebody sets, and the time that really passes. */
final class SettableClock implements InstantSource {

    private Instant now;
    private long steadyNanos;

    SettableClock(Instant now) {
        this.now = now;
    }

    /** Sets the clock; no time passes. */
    void set(Instant instant) {
        now = instant;
    }

    /** Lets time pass. */
    void pass(Duration duration) {
        now = now.plus(duration);
        steadyNanos += duration.toNanos();
    }

    long steadyNanos() {
        return steadyNanos;
    }

    @Override
    public Instant instant() {
        return now;
    }
}
