package dev.nightjar.bench;

import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code bench nbd}. */
@Command(
        name = "nbd",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Reads from qemu-nbd as nbdcopy does, and serves a recovery point as qemu-nbd serves a file.",
            "Needs about 12 GiB of disk and as much memory for caches."
        })
final class NbdBench implements Callable<Integer> {

    private static final long GIB = 1L << 30;
    private static final int LEAST_RUNS = 5;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--report", paramLabel = "FILE", description = "write the rows as JSON")
    private @Nullable Path report;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "5", description = "of each, at least 5 (default: 5)")
    private int runs = LEAST_RUNS;

    @Option(names = "--only", paramLabel = "NAME", description = "rows whose name begins so; may be repeated")
    private List<String> only = List.of();

    @Option(
            names = "--service-jar",
            paramLabel = "FILE",
            defaultValue = "${sys:nightjar.service-jar}",
            hidden = true,
            description = "the appliance, for what is served by it")
    private @Nullable Path serviceJar;

    @Override
    public Integer call() throws IOException {
        if (runs < LEAST_RUNS) {
            throw new ParameterException(spec.commandLine(), "medians need at least " + LEAST_RUNS + " runs");
        }
        if (report != null && Files.isDirectory(report)) {
            throw new ParameterException(spec.commandLine(), "the report cannot be written to " + report);
        }
        Screen screen = new Screen(System.out);
        Comparison comparison = new Comparison(runs, screen);
        List<Row> rows = new ArrayList<>();
        try (TempDirectory directory = TempDirectory.create()) {
            Runtime.getRuntime().addShutdownHook(new Thread(directory::close, "bench-clean-up"));
            readFromQemu(comparison, directory.path(), screen, rows);
            serve(comparison, directory.path(), screen, rows);
        }
        screen.table(rows);
        if (report != null) {
            JsonMapper json = JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();
            Files.writeString(report, json.writeValueAsString(rows) + "\n");
        }
        return 0;
    }

    private boolean wanted(String row) {
        return only.isEmpty() || only.stream().anyMatch(row::startsWith);
    }

    private void readFromQemu(Comparison comparison, Path directory, Screen screen, List<Row> rows) throws IOException {
        List<ClientRows.Transport> transports = ClientRows.all().stream()
                .filter(transport -> wanted(transport.rowName()))
                .toList();
        if (transports.isEmpty()) {
            return;
        }
        screen.text("A raw image of 4 GiB, served by qemu-nbd, read to nowhere; peer: nbdcopy");
        Path image = SampleImage.create(directory.resolve("read.raw"), 4 * GIB);
        ClientRows client = new ClientRows(comparison, directory, image, 4 * GIB);
        transports.forEach(transport -> client.run(transport, rows::add));
        Files.delete(image);
    }

    private void serve(Comparison comparison, Path directory, Screen screen, List<Row> rows) {
        if (serviceJar == null || ServerRows.NAMES.stream().noneMatch(this::wanted)) {
            return;
        }
        screen.text("A recovery point of 512 MiB, served by the appliance; peer: qemu-nbd with the same raw file");
        Path image = SampleImage.create(directory.resolve("serve.raw"), GIB / 2);
        try (ServerRows server = ServerRows.start(comparison, screen, directory, image, serviceJar)) {
            server.run(this::wanted, rows::add);
        }
    }
}
