package dev.nightjar.storage.repository;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets actors go on one step at a time, in an order that a seed decides: every step ends at a border where its thread waits until it is drawn again. An actor that
 * neither comes to a border nor ends within a moment, because it waits for another one's lock or its machine is busy, does not keep the others from being drawn.
 *
 * <p>Where each step is as likely as any other, all actors go on at about the same speed, and none is ever overtaken by two things that the others do one after the
 * other. So some of them fall asleep at a step of their own and sleep for long, or until nobody else is awake.
 */
final class Interleaver {

    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    /** One actor in so many stays awake. */
    private static final int AWAKE = 3;

    /** Sleep is over after at most so many steps of others. */
    private static final int LONGEST_SLEEP = 1_500;

    private final Random random;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final Map<String, Sleep> sleeps = new HashMap<>();
    private final Act whenOneWakes;
    private int running;
    private boolean oneWoke;
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

    /** When an actor falls asleep, in steps of its own, and for how many steps of others. */
    private static final class Sleep {
        private int stepsBefore;
        private int stepsLeft;

        private Sleep(int stepsBefore, int stepsLeft) {
            this.stepsBefore = stepsBefore;
            this.stepsLeft = stepsLeft;
        }

        private boolean asleep() {
            return stepsBefore == 0 && stepsLeft > 0;
        }
    }

    /**
     * Nobody has begun yet.
     *
     * @param whenOneWakes done between two steps whenever an actor has slept to its end
     */
    Interleaver(Random random, Act whenOneWakes) {
        this.random = random;
        this.whenOneWakes = whenOneWakes;
    }

    /** Something an actor does. */
    interface Act {
        void run() throws Exception;
    }

    /**
     * Starts an actor, which waits at its first border at once.
     *
     * @param idle how many steps it does nothing at first
     * @param about how many steps it then takes, or a few more: it may fall asleep at any of them
     */
    Thread start(String actor, int idle, int about, Act act) {
        lock.lock();
        try {
            running++;
            if (random.nextInt(AWAKE) > 0) {
                sleeps.put(
                        actor,
                        new Sleep(1 + idle + random.nextInt(about), random.nextInt(1 + random.nextInt(LONGEST_SLEEP))));
            }
        } finally {
            lock.unlock();
        }
        return Thread.ofVirtual().name(actor).start(() -> {
            try {
                for (int i = 0; i <= idle; i++) {
                    border(actor, i < idle ? "idle" : "begin");
                }
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
    void run() throws Exception {
        lock.lock();
        try {
            while (running > 0) {
                // As many actors are under way as are not waiting: let the one that was drawn last come to its border.
                long left = MOMENT_NANOS;
                while (running > 0 && actorsWaiting() < running && left > 0) {
                    left = changed.awaitNanos(left);
                }
                if (oneWoke) {
                    oneWoke = false;
                    whenOneWakes.run();
                }
                if (!waiting.isEmpty()) {
                    draw();
                }
            }
        } finally {
            letAllGo();
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

    /** Whoever still waits, because a look in between has failed, goes on to its end. */
    private void letAllGo() {
        open = false;
        waiting.forEach(each -> each.drawn = true);
        changed.signalAll();
    }

    private void draw() {
        List<Waiting> awake =
                waiting.stream().filter(each -> !isAsleep(each.actor)).toList();
        List<Waiting> candidates = awake.isEmpty() ? waiting : awake;
        Waiting next = candidates.get(random.nextInt(candidates.size()));
        waiting.remove(next);
        next.drawn = true;
        pass(next.actor);
        steps++;
        trace.add(next.actor + ": " + next.border);
        changed.signalAll();
    }

    private boolean isAsleep(String actor) {
        Sleep sleep = sleeps.get(actor);
        return sleep != null && sleep.asleep();
    }

    /** An actor goes on by a step. If it was asleep, nobody else could. */
    private void pass(String actor) {
        sleeps.forEach((other, sleep) -> {
            if (sleep.asleep()) {
                sleep.stepsLeft = other.equals(actor) ? 0 : sleep.stepsLeft - 1;
                oneWoke |= sleep.stepsLeft == 0;
            } else if (other.equals(actor) && sleep.stepsBefore > 0) {
                sleep.stepsBefore--;
            }
        });
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
