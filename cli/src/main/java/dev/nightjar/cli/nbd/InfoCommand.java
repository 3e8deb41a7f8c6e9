package dev.nightjar.cli.nbd;

import dev.nightjar.cli.ExitCode;
import dev.nightjar.cli.ResultOutput;
import dev.nightjar.cli.Streams;
import dev.nightjar.nbd.client.NbdUri;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nbd info}: everything that a server tells about one export. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows what a server tells about an export: size, metadata contexts, what it can do.")
public final class InfoCommand implements Callable<Integer> {

    private final Streams streams;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--json", description = "print JSON, with the names that nbdinfo uses")
    private boolean json;

    @Parameters(paramLabel = "URI", description = "the export")
    private String uri = "";

    public InfoCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        ExportFacts facts = ExportFacts.ask(NbdUri.parse(uri), server.toOptions());
        ResultOutput output = new ResultOutput(streams);
        if (json) {
            output.json(false, out -> FactsJson.write(out, List.of(facts)));
        } else {
            output.text(out -> FactsText.write(out, facts));
        }
        return ExitCode.SUCCESS;
    }
}
