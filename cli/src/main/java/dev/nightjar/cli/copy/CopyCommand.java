package dev.nightjar.cli.copy;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.cli.ExitCode;
import dev.nightjar.cli.ResultOutput;
import dev.nightjar.cli.Sizes;
import dev.nightjar.cli.Streams;
import dev.nightjar.cli.nbd.ServerOptions;
import dev.nightjar.nbd.client.Capacity;
import dev.nightjar.nbd.client.NbdClient;
import dev.nightjar.nbd.client.NbdOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nbd copy}: a whole disk from here to there. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Copies a disk: from an export or a file, to an export, a file, - (standard output) or null: (nowhere).",
            "A file that is copied to is emptied first. Zeros become holes where the target can have them."
        })
public final class CopyCommand implements Callable<Integer> {

    /** A server's minimum block may be as large. */
    private static final int LEAST_MAXIMUM = 64 << 10;

    private final Streams streams;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--no-extents", description = "read everything, also what the source says is a hole")
    private boolean noExtents;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "4",
            description = "most connections to an export, where it allows several (default: ${DEFAULT-VALUE})")
    private int connections = 4;

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "16",
            description = "requests at a time, over all connections (default: ${DEFAULT-VALUE})")
    private int requests = 16;

    @Option(
            names = "--request-size",
            paramLabel = "SIZE",
            defaultValue = "1M",
            converter = Sizes.Converter.class,
            description = "bytes in one request, 4K to 32M (default: ${DEFAULT-VALUE})")
    private long requestSize = 1 << 20;

    @Option(
            names = "--sparse",
            paramLabel = "SIZE",
            defaultValue = "4K",
            converter = Sizes.Converter.class,
            description = "so many zeros in data become a hole; 0: data stays data (default: ${DEFAULT-VALUE})")
    private long sparse = 4096;

    @Option(names = "--flush", description = "end only when everything is on stable storage")
    private boolean flush;

    @Option(
            names = "--progress",
            negatable = true,
            defaultValue = Option.NULL_VALUE,
            description = "show a progress bar, or do not (default: if standard error is a terminal)")
    private @org.jspecify.annotations.Nullable Boolean progress;

    @Option(names = "--json", description = "print what was done as JSON")
    private boolean json;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "an NBD URI or a file")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "an NBD URI, a file, - or null:")
    private String to = "";

    public CopyCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        check();
        Place target = Place.parse(to);
        CopyTotals totals;
        try (CopySource source = source(Place.parse(from));
                CopyTarget opened = target(target);
                CopyProgress bar = CopyProgress.of(streams, shown(), source.size())) {
            var settings = new CopySettings(requests, (int) requestSize, (int) sparse);
            totals = new Copy(source, opened, settings, bar::add).run();
            if (flush) {
                opened.flush();
            }
        }
        if (json) {
            new ResultOutput(streams).json(false, out -> TotalsJson.write(out, totals));
        } else if (shown()) {
            streams.errors().println(TotalsText.line(totals));
        }
        return ExitCode.SUCCESS;
    }

    private boolean shown() {
        return progress == null ? streams.terminal() && !json : progress;
    }

    private void check() {
        require(connections >= 1 && connections <= 64, "--connections is from 1 to 64");
        require(requests >= 1 && requests <= 1024, "--requests is from 1 to 1024");
        require(requestSize >= 4096 && requestSize <= 32 << 20, "--request-size is from 4K to 32M");
        require(
                sparse == 0 || (sparse >= 512 && sparse <= requestSize),
                "--sparse is 0, or from 512 to the request size");
        require(Long.bitCount(sparse) <= 1, "--sparse is a power of two");
        require(!(json && to.equals("-")), "--json and a copy to standard output exclude each other");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new CommandFailure(CommandErrorCode.INVALID_ARGUMENT, rule, "nightjar nbd copy --help tells more.");
        }
    }

    private CopySource source(Place place) {
        return switch (place) {
            case Place.Export(var uri) -> {
                NbdOptions options = noExtents
                        ? server.toOptions()
                        : server.toOptions().withOptionalContexts(NbdOptions.BASE_ALLOCATION);
                yield new NbdSource(NbdClient.open(uri, tuned(options)));
            }
            case Place.LocalFile(var file) -> FileSource.open(file, !noExtents);
            case Place.StandardOutput _, Place.Nowhere _ ->
                throw new CommandFailure(
                        CommandErrorCode.INVALID_ARGUMENT,
                        "cannot copy from " + from,
                        "Name an NBD URI or a file to copy from.");
        };
    }

    private CopyTarget target(Place place) {
        return switch (place) {
            case Place.Export(var uri) -> new NbdTarget(NbdClient.open(uri, tuned(server.toOptions())));
            case Place.LocalFile(var file) -> FileTarget.open(file);
            case Place.StandardOutput _ -> new StreamTarget(streams.out());
            case Place.Nowhere _ -> new NullTarget();
        };
    }

    private NbdOptions tuned(NbdOptions options) {
        int requestBytes = (int) requestSize;
        return options.withCapacity(new Capacity(
                connections, requests, Math.max(requestBytes, LEAST_MAXIMUM), (long) requests * requestBytes));
    }
}
