package dev.nightjar.service.repository;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.RebuildReport;
import dev.nightjar.storage.repository.Repository;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recreates the catalog. Points that cannot be brought back make the run fail, after everything else was brought back. */
final class RebuildTask implements RunTask {

    private static final Logger LOG = LoggerFactory.getLogger(RebuildTask.class);
    private static final int NAMED = 5;

    private final Repository repository;

    RebuildTask(Repository repository) {
        this.repository = repository;
    }

    @Override
    public void execute(RunContext run) {
        run.enter(RunPhase.RESTORING);
        RebuildReport report = repository.rebuild(_ -> run.checkCancelled());
        LOG.info(
                "rebuilt the catalog: {} packs, {} chunks, {} points; left out {} packs, {} points",
                report.packs(),
                report.chunks(),
                report.points(),
                report.leftOutPacks().size(),
                report.leftOutPoints().size());
        run.points(repository.points().stream().map(PointRecord::id).toList());
        if (!report.leftOutPacks().isEmpty() || !report.leftOutPoints().isEmpty()) {
            throw incomplete(report);
        }
    }

    private static NightjarException incomplete(RebuildReport report) {
        String named = Stream.concat(report.leftOutPoints().stream(), report.leftOutPacks().stream())
                .limit(NAMED)
                .map(left -> left.name() + ": " + left.reason())
                .collect(Collectors.joining("; "));
        return new NightjarException(
                "REBUILD_LEFT_OUT",
                report.points() + " points are back, but "
                        + report.leftOutPoints().size() + " points and "
                        + report.leftOutPacks().size() + " packs were left out: " + named,
                "The files that are named are damaged or missing. Bring them back from a copy of the repository and rebuild again.");
    }
}
