package dev.nightjar.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What every benchmark can be told. */
final class BenchOptions {

    private static final int LEAST_RUNS = 5;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--report", paramLabel = "FILE", description = "write the rows as JSON")
    private @Nullable Path report;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "5", description = "of each, at least 5 (default: 5)")
    private int runs = LEAST_RUNS;

    @Option(names = "--only", paramLabel = "NAME", description = "rows whose name begins so; may be repeated")
    private List<String> only = List.of();

    /** How often each is run. */
    int runs() {
        return runs;
    }

    boolean wanted(String row) {
        return only.isEmpty() || only.stream().anyMatch(row::startsWith);
    }

    /** Refuses what cannot be done, before anything is. */
    void check() {
        if (runs < LEAST_RUNS) {
            throw new ParameterException(spec.commandLine(), "medians need at least " + LEAST_RUNS + " runs");
        }
        if (report != null && Files.isDirectory(report)) {
            throw new ParameterException(spec.commandLine(), "the report cannot be written to " + report);
        }
    }

    /** Shows the rows, and writes them where they are wanted. */
    void conclude(Screen screen, List<Row> rows) throws IOException {
        screen.table(rows);
        if (report != null) {
            JsonMapper json = JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();
            Files.writeString(report, json.writeValueAsString(rows) + "\n");
        }
    }
}
