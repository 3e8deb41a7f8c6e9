package dev.nightjar.service.config;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a PostgreSQL that takes its time to start, as after a power cut, when it reads its log again, from one that never will. The library that starts it waits for an answer only, as long as it
 * is told to: so it is told to wait for very long, and interrupted when there is nothing to wait for, or when this process is to end.
 */
final class StartWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StartWatch.class);
    private static final Duration STEP = Duration.ofMillis(500);
    private static final Duration REPORT = Duration.ofSeconds(30);

    private final Path files;
    private final Duration limit;
    private final Thread starting = Thread.currentThread();
    private final Thread watch = Thread.ofVirtual().unstarted(this::watch);
    private final Thread atTheEnd = new Thread(() -> giveUp("this process is to end"));
    private volatile @Nullable String hopeless;

    private StartWatch(Path files, Duration limit) {
        this.files = files;
        this.limit = limit;
    }

    /**
     * Watches the thread that begins it, which has to end it.
     *
     * @param limit for how long no process may be there that says that it is starting
     */
    static StartWatch begin(Path files, Duration limit) {
        StartWatch begun = new StartWatch(files, limit);
        Runtime.getRuntime().addShutdownHook(begun.atTheEnd);
        begun.watch.start();
        return begun;
    }

    /** Ends it, and returns why there was nothing to wait for; null if there was. In the first case the thread is no longer interrupted. */
    @Nullable
    String end() {
        watch.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            watch.join();
            Runtime.getRuntime().removeShutdownHook(atTheEnd);
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (IllegalStateException e) {
            LOG.debug("this process ends", e);
        }
        if (interrupted && hopeless == null) {
            starting.interrupt();
        }
        return hopeless;
    }

    private void watch() {
        long seen = System.nanoTime();
        long reported = seen;
        try {
            while (true) {
                Thread.sleep(STEP);
                long now = System.nanoTime();
                ServerProcess.State state = ServerProcess.state(files);
                if (state == ServerProcess.State.STARTING) {
                    seen = now;
                } else if (now - seen >= limit.toNanos()) {
                    giveUp(
                            state == ServerProcess.State.NONE
                                    ? "it ended while it was starting, or never began"
                                    : "it runs, and lets nobody in by the password in postgres-password beside it: bring back the one that belongs to it");
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

    private void giveUp(String why) {
        hopeless = why;
        starting.interrupt();
    }
}
