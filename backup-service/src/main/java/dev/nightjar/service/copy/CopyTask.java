package dev.nightjar.service.copy;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.storage.copy.CopyReport;
import dev.nightjar.storage.copy.FailedCopy;
import dev.nightjar.storage.copy.PointCopy;
import dev.nightjar.storage.point.PointRecord;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Copies all points that a target lacks. What it read counts as done; how much there is to read is not known before.
 *
 * @param done told what became of the points
 */
record CopyTask(PointCopy copy, Consumer<CopyReport> done) implements RunTask {

    @Override
    public void execute(RunContext run) {
        run.enter(RunPhase.READING);
        List<UUID> missing = copy.missing().stream().map(PointRecord::id).toList();
        long[] read = {0};
        CopyReport report = copy.copy(run.runId(), missing, progress -> {
            run.checkCancelled();
            run.advance(progress.readBytes() - read[0]);
            read[0] = progress.readBytes();
        });
        run.totals(report.readBytes());
        run.advance(report.readBytes() - read[0]);
        run.points(report.copied().stream().map(point -> point.copy().id()).toList());
        done.accept(report);
        if (!report.failed().isEmpty()) {
            throw incomplete(report);
        }
    }

    private static NightjarException incomplete(CopyReport report) {
        FailedCopy first = report.failed().getFirst();
        return new NightjarException(
                "COPY_INCOMPLETE",
                report.failed().size() + " of "
                        + (report.failed().size() + report.copied().size())
                        + " points could not be copied, the first of them " + first.point() + ": " + first.code() + ", "
                        + first.message(),
                first.hint());
    }
}
