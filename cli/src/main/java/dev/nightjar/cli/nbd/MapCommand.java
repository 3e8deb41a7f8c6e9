package dev.nightjar.cli.nbd;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.cli.ExitCode;
import dev.nightjar.cli.ResultOutput;
import dev.nightjar.cli.Streams;
import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.client.extent.Extent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nbd map}: where an export has data, holes and changes. Memory does not grow with the map. */
@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows the block status of an export: data, holes, zeros, dirty blocks.",
            "Several contexts are laid side by side and cut where any of them changes."
        })
public final class MapCommand implements Callable<Integer> {

    private final Streams streams;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "a metadata context, for example qemu:dirty-bitmap:b0; may be repeated" + " (default: "
                    + NbdOptions.BASE_ALLOCATION + ")")
    private List<String> contexts = List.of();

    @Option(names = "--totals", description = "only how many bytes there are of each status")
    private boolean totals;

    @Option(
            names = "--json",
            description = "print JSON: an array of {\"offset\", \"length\", \"contexts\": {NAME: status}}")
    private boolean json;

    @Parameters(paramLabel = "URI", description = "the export")
    private String uri = "";

    public MapCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Set<String> wanted = contexts.isEmpty() ? Set.of(NbdOptions.BASE_ALLOCATION) : new LinkedHashSet<>(contexts);
        if (wanted.contains("")) {
            throw new CommandFailure(
                    CommandErrorCode.INVALID_ARGUMENT,
                    "a context needs a name",
                    "`nbd info` shows the contexts that a server offers.");
        }
        NbdOptions options = server.toOptions().withContexts(wanted.toArray(String[]::new));
        try (NbdConnection connection = NbdConnection.open(NbdUri.parse(uri), options)) {
            List<String> names = List.copyOf(wanted);
            ResultOutput output = new ResultOutput(streams);
            if (totals) {
                StatusTotals sums = new StatusTotals();
                walk(connection, sums::add);
                print(output, names, sums);
            } else if (json) {
                output.json(true, out -> {
                    out.writeStartArray();
                    walk(connection, extent -> ExtentJson.write(out, names, extent));
                    out.writeEndArray();
                });
            } else {
                output.text(out -> walk(connection, extent -> out.print(ExtentText.line(names, extent))));
            }
        }
        return ExitCode.SUCCESS;
    }

    private void print(ResultOutput output, List<String> names, StatusTotals sums) {
        if (json) {
            output.json(true, out -> {
                out.writeStartArray();
                sums.forEach(total -> ExtentJson.writeTotal(out, names, total));
                out.writeEndArray();
            });
        } else {
            output.text(out -> sums.forEach(total -> out.print(ExtentText.totalLine(names, total))));
        }
    }

    private static void walk(NbdConnection connection, Consumer<Extent> sink) {
        long size = connection.export().size();
        if (size > 0) {
            connection.walk(0, size, sink);
        }
    }
}
