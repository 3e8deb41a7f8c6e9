package dev.nightjar.cli.repository;

import dev.nightjar.cli.Streams;
import dev.nightjar.storage.offline.Progress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on standard error for each phase, one after the other, or none. Thread-safe. */
final class ProgressBars implements Progress, AutoCloseable {

    private static final int REDRAW_MILLIS = 200;

    private final Streams streams;
    private final boolean shown;
    private @Nullable ProgressBar bar;
    private @Nullable String task;

    ProgressBars(Streams streams, boolean shown) {
        this.streams = streams;
        this.shown = shown;
    }

    @Override
    public void at(Phase phase, long done, long total) {
        switch (phase) {
            case DIRECTORIES -> at("directories", done, total, " packs", 1);
            case PACKS -> at("packs", done, total, " MiB", 1 << 20);
            case MAPS -> at("maps", done, total, " points", 1);
        }
    }

    /** So many bytes of a disk. */
    void bytes(String name, long done, long total) {
        at(name, done, total, " MiB", 1 << 20);
    }

    private synchronized void at(String name, long done, long total, String unit, long unitSize) {
        if (!shown) {
            return;
        }
        if (bar == null || !name.equals(task)) {
            close();
            task = name;
            bar = bar(name, total, unit, unitSize);
        }
        // Threads may tell out of order.
        if (done > bar.getCurrent()) {
            bar.stepTo(done);
        }
    }

    private ProgressBar bar(String name, long total, String unit, long unitSize) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(total)
                .setUnit(unit, unitSize)
                .showSpeed()
                .setSpeedUnit(ChronoUnit.SECONDS)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .startsFrom(0, Duration.ZERO)
                .setConsumer(new ConsoleProgressBarConsumer(streams.errors(), streams.columns() - 1))
                .build();
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
