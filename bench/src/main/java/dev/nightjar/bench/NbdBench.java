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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(
            names = "--service-jar",
            paramLabel = "FILE",
            defaultValue = "${sys:nightjar.service-jar}",
            hidden = true,
            description = "the appliance, for what is served by it")
    private @Nullable Path serviceJar;

    @Override
    public Integer call() throws IOException {
        options.check();
        Screen screen = new Screen(System.out);
        Comparison comparison = new Comparison(options.runs(), screen);
        List<Row> rows = new ArrayList<>();
        try (TempDirectory directory = TempDirectory.create()) {
            Runtime.getRuntime().addShutdownHook(new Thread(directory::close, "bench-clean-up"));
            readFromQemu(comparison, directory.path(), screen, rows);
            serve(comparison, directory.path(), screen, rows);
        }
        options.conclude(screen, rows);
        return 0;
    }

    private void readFromQemu(Comparison comparison, Path directory, Screen screen, List<Row> rows) throws IOException {
        List<ClientRows.Transport> transports = ClientRows.all().stream()
                .filter(transport -> options.wanted(transport.rowName()))
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
        if (serviceJar == null || ServerRows.NAMES.stream().noneMatch(options::wanted)) {
            return;
        }
        screen.text("A recovery point of 512 MiB, served by the appliance; peer: qemu-nbd with the same raw file");
        Path image = SampleImage.create(directory.resolve("serve.raw"), GIB / 2);
        try (ServerRows server = ServerRows.start(comparison, screen, directory, image, serviceJar)) {
            server.run(options::wanted, rows::add);
        }
    }
}
