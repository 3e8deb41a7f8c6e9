package dev.nightjar.service.source.qmp;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be taken back, last thing first. Confined to one thread. */
final class UndoStack {

    private static final Logger LOG = LoggerFactory.getLogger(UndoStack.class);

    private record Step(String what, Runnable action) {}

    private final Deque<Step> steps = new ArrayDeque<>();

    /** Adds what takes the latest change back. */
    void push(String what, Runnable action) {
        steps.push(new Step(what, action));
    }

    /**
     * Takes everything back, and goes on if something cannot be.
     *
     * @return whether all of it worked
     */
    boolean undo() {
        boolean clean = true;
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                step.action.run();
            } catch (RuntimeException e) {
                LOG.warn("cannot {}: {}", step.what, e.getMessage());
                clean = false;
            }
        }
        return clean;
    }
}
