package dev.nightjar.service.run;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A task that does what the test tells it, step by step, and ends when it is told to; between steps it looks whether it is cancelled. */
final class ScriptedTask implements RunTask, AutoCloseable {

    private final BlockingQueue<Consumer<RunContext>> steps = new LinkedBlockingQueue<>();
    private final AtomicBoolean mayEnd = new AtomicBoolean();
    private final CountDownLatch begun = new CountDownLatch(1);

    /** Tells it to do something next. */
    ScriptedTask then(Consumer<RunContext> step) {
        steps.add(step);
        return this;
    }

    /** Tells it to return once it has done all that it was told. */
    void end() {
        mayEnd.set(true);
    }

    /** Waits until the run has begun. */
    void awaitBegin() throws InterruptedException {
        if (!begun.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the run does not begin");
        }
    }

    @Override
    public void execute(RunContext context) {
        begun.countDown();
        try {
            while (true) {
                Consumer<RunContext> step = steps.poll(20, TimeUnit.MILLISECONDS);
                if (step != null) {
                    step.accept(context);
                } else if (mayEnd.get()) {
                    return;
                }
                context.checkCancelled();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whatever happens in the test, the task ends. */
    @Override
    public void close() {
        end();
    }
}
