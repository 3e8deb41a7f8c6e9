package dev.nightjar.service.run;

/**
 * A run has ended, in whatever way; published after it is written down.
 *
 * @param run the run as it ended
 */
public record RunEnded(RunView run) {}
