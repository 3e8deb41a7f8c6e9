package dev.nightjar.cli.repository;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.cli.ExitCode;
import dev.nightjar.cli.ResultOutput;
import dev.nightjar.cli.Streams;
import dev.nightjar.storage.offline.CheckOptions;
import dev.nightjar.storage.offline.CheckReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repository check}: proves that a repository is what was written. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.UNFINISHED,
        description = {
            "Reads a repository to its last byte and proves that every point can be restored.",
            "Ends with 0 if it is sound, 1 if something is damaged, 2 for wrong arguments, and 3 if files of it could not be read, which says nothing about them."
        })
public final class CheckCommand implements Callable<Integer> {

    private final Streams streams;

    @Mixin
    private RepositoryOptions options = new RepositoryOptions();

    @Option(
            names = "--structure-only",
            description = "check directories, records and maps; damage within the content is not noticed")
    private boolean structureOnly;

    @Option(
            names = "--point",
            paramLabel = "ID",
            description = "check only this point and the packs that it needs; repeatable")
    private List<String> points = new ArrayList<>();

    @Option(
            names = "--without-key",
            description = "check an encrypted repository without its key: every byte of its packs, not what they mean")
    private boolean withoutKey;

    public CheckCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        if (withoutKey && !points.isEmpty()) {
            throw new CommandFailure(
                    CommandErrorCode.INVALID_ARGUMENT,
                    "--without-key and --point exclude each other",
                    "Without the key nobody knows what a point needs.");
        }
        CheckOptions what = new CheckOptions(
                !structureOnly, points.stream().map(InspectCommand::pointId).collect(Collectors.toSet()));
        CheckReport report = check(what);
        ResultOutput output = new ResultOutput(streams);
        if (options.json()) {
            output.json(false, out -> CheckOutput.json(out, report));
        } else {
            output.text(out -> CheckOutput.text(out, report));
        }
        if (report.isSound()) {
            return ExitCode.SUCCESS;
        }
        return report.isDamaged() ? ExitCode.FAILURE : ExitCode.UNFINISHED;
    }

    private CheckReport check(CheckOptions what) {
        try (OpenedRepository opened = withoutKey ? options.openLocked() : options.open(streams);
                ProgressBars progress = options.progress(streams)) {
            return opened.repository().check(what, progress);
        }
    }
}
