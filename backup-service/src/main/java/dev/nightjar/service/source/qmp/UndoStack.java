package dev.nightjar.service.source.qmp;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

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
        String last = "";
        boolean clean = true;
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                step.action.run();
            } catch (RuntimeException e) {
                String problem = String.valueOf(e.getMessage());
                // A lost connection fails every step alike; saying so once is enough.
                LOG.atLevel(problem.equals(last) ? Level.DEBUG : Level.WARN).log("cannot {}: {}", step.what, problem);
                last = problem;
                clean = false;
            }
        }
        return clean;
    }
}
