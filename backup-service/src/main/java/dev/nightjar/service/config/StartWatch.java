package dev.nightjar.service.config;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a PostgreSQL that takes its time to start, as after a power cut, when it reads its log again, from one that never will. The library that starts it waits for an answer only, as long as it
 * is told to: so it is told to wait for very long, and interrupted when there is no process to wait for.
 */
final class StartWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StartWatch.class);
    private static final Duration STEP = Duration.ofMillis(500);
    private static final Duration REPORT = Duration.ofSeconds(30);

    private final Path files;
    private final Duration limit;
    private final Thread starting = Thread.currentThread();
    private final Thread watch;
    private volatile boolean hopeless;

    private StartWatch(Path files, Duration limit) {
        this.files = files;
        this.limit = limit;
        this.watch = Thread.ofVirtual().unstarted(this::watch);
    }

    /**
     * Watches the thread that begins it, which has to end it.
     *
     * @param limit for how long no process may be there
     */
    static StartWatch begin(Path files, Duration limit) {
        StartWatch begun = new StartWatch(files, limit);
        begun.watch.start();
        return begun;
    }

    /** Ends it, and tells whether there was a process to wait for, short of the limit; if there was none, the thread is no longer interrupted. */
    boolean end() {
        watch.interrupt();
        try {
            watch.join();
        } catch (InterruptedException e) {
            if (!hopeless) {
                starting.interrupt();
            }
        }
        return !hopeless;
    }

    private void watch() {
        long seen = System.nanoTime();
        long reported = seen;
        try {
            while (true) {
                Thread.sleep(STEP);
                long now = System.nanoTime();
                if (ServerProcess.on(files).isPresent()) {
                    seen = now;
                } else if (now - seen >= limit.toNanos()) {
                    hopeless = true;
                    starting.interrupt();
                    return;
                }
                if (now - reported >= REPORT.toNanos()) {
                    reported = now;
                    LOG.info(
                            "PostgreSQL is still starting, as it may for long after it was killed with much in its log");
                }
            }
        } catch (IOException e) {
            LOG.warn("nobody watches PostgreSQL while it starts: {}", e.getMessage());
        } catch (InterruptedException e) {
            // It is over.
        }
    }
}
