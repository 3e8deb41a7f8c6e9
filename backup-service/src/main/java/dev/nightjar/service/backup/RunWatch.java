package dev.nightjar.service.backup;

import dev.nightjar.service.backup.pull.DiskRead;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.source.FrozenView;
import java.time.Duration;

/** Tells the run how far a disk is, ends the reading when the run is cancelled, and looks after the view now and then. */
final class RunWatch implements DiskRead.Watch {

    private static final long REPORT_NANOS = Duration.ofMillis(250).toNanos();
    private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();

    private final RunContext context;
    private final FrozenView view;
    private final DiskPull pull;
    private long reported = System.nanoTime();
    private long checked = reported;

    RunWatch(RunContext context, FrozenView view, DiskPull pull) {
        this.context = context;
        this.view = view;
        this.pull = pull;
    }

    @Override
    public void read(long bytes) {
        context.checkCancelled();
        context.advance(bytes);
        long now = System.nanoTime();
        if (now - reported >= REPORT_NANOS) {
            reported = now;
            context.disk(pull.report());
        }
        if (now - checked >= CHECK_NANOS) {
            checked = now;
            view.requireIntact();
        }
    }
}
