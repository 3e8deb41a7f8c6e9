package dev.nightjar.cli.copy;

import dev.nightjar.cli.Streams;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** The bar on standard error, or none. Thread-safe. */
final class CopyProgress implements AutoCloseable {

    private static final int REDRAW_MILLIS = 200;

    private final @Nullable ProgressBar bar;

    private CopyProgress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    static CopyProgress of(Streams streams, boolean shown, long size) {
        if (!shown) {
            return new CopyProgress(null);
        }
        return new CopyProgress(new ProgressBarBuilder()
                .setTaskName("copying")
                .setInitialMax(size)
                .setUnit(" MiB", 1 << 20)
                .showSpeed()
                .setSpeedUnit(ChronoUnit.SECONDS)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .startsFrom(0, Duration.ZERO)
                .setConsumer(new ConsoleProgressBarConsumer(streams.errors(), streams.columns() - 1))
                .build());
    }

    void add(long bytes) {
        if (bar != null) {
            bar.stepBy(bytes);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
