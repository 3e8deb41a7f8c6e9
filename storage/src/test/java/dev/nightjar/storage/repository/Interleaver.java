package dev.nightjar.storage.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets actors go on one step at a time, in an order that a seed decides: every step ends at a border where its thread waits until it is drawn again. An actor that
 * neither comes to a border nor ends within a moment, because it waits for another one's lock or its machine is busy, does not keep the others from being drawn.
 */
final class Interleaver {

    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    private final Random random;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private int running;
    private boolean open = true;
    private long steps;

    /** A thread at a border. */
    private static final class Waiting {
        private final String actor;
        private final String border;
        private boolean drawn;

        private Waiting(String actor, String border) {
            this.actor = actor;
            this.border = border;
        }
    }

    Interleaver(Random random) {
        this.random = random;
    }

    /** Something an actor does. */
    interface Act {
        void run() throws Exception;
    }

    /** Starts an actor, which waits at its first border at once. */
    Thread start(String actor, Act act) {
        lock.lock();
        try {
            running++;
        } finally {
            lock.unlock();
        }
        return Thread.ofVirtual().name(actor).start(() -> {
            try {
                border(actor, "begin");
                act.run();
            } catch (Throwable e) {
                failed(e);
            } finally {
                ended();
            }
        });
    }

    /** Called by any thread of an actor between two steps. */
    void border(String actor, String border) {
        lock.lock();
        try {
            if (!open) {
                return;
            }
            Waiting here = new Waiting(actor, border);
            waiting.add(here);
            changed.signalAll();
            while (!here.drawn) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Draws until all actors have ended; throws what any of them threw. */
    void run() throws InterruptedException {
        lock.lock();
        try {
            while (running > 0) {
                // As many actors are under way as are not waiting: let the one that was drawn last come to its border.
                long left = MOMENT_NANOS;
                while (running > 0 && actorsWaiting() < running && left > 0) {
                    left = changed.awaitNanos(left);
                }
                if (!waiting.isEmpty()) {
                    draw();
                }
            }
            open = false;
        } finally {
            lock.unlock();
        }
        if (!failures.isEmpty()) {
            AssertionError all = new AssertionError("an actor failed: " + failures.getFirst(), failures.getFirst());
            failures.stream().skip(1).forEach(all::addSuppressed);
            throw all;
        }
    }

    /** What was drawn, in order. */
    List<String> trace() {
        return trace;
    }

    long steps() {
        return steps;
    }

    private void draw() {
        Waiting next = waiting.remove(random.nextInt(waiting.size()));
        next.drawn = true;
        steps++;
        trace.add(next.actor + ": " + next.border);
        changed.signalAll();
    }

    private long actorsWaiting() {
        return waiting.stream().map(each -> each.actor).distinct().count();
    }

    private void failed(Throwable e) {
        lock.lock();
        try {
            failures.add(e);
        } finally {
            lock.unlock();
        }
    }

    private void ended() {
        lock.lock();
        try {
            running--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
