package dev.nightjar.cli.nbd;

import dev.nightjar.cli.ExitCode;
import dev.nightjar.cli.Printable;
import dev.nightjar.cli.ResultOutput;
import dev.nightjar.cli.Streams;
import dev.nightjar.nbd.client.ExportListing;
import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdUri;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonGenerator;

/** {@code nbd list}: the exports of a server. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lists the exports of a server: names, and what the server says about them.")
public final class ListCommand implements Callable<Integer> {

    private final Streams streams;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--details", description = "open each export and show what `nbd info` shows")
    private boolean details;

    @Option(names = "--json", description = "print JSON, with the names that nbdinfo uses")
    private boolean json;

    @Parameters(paramLabel = "URI", description = "the server; the export in the URI does not matter")
    private String uri = "";

    public ListCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        NbdUri at = NbdUri.parse(uri);
        List<ExportListing> exports = NbdConnection.list(at, server.toOptions());
        ResultOutput output = new ResultOutput(streams);
        if (details) {
            List<ExportFacts> facts = exports.stream()
                    .map(export -> ExportFacts.ask(at.withExport(export.name()), server.toOptions()))
                    .toList();
            if (json) {
                output.json(false, out -> FactsJson.write(out, facts));
            } else {
                output.text(out -> facts.forEach(each -> FactsText.write(out, each)));
            }
        } else if (json) {
            output.json(false, out -> write(out, at, exports));
        } else {
            output.text(out -> exports.forEach(export -> out.print(line(export))));
        }
        return ExitCode.SUCCESS;
    }

    private static String line(ExportListing export) {
        String description = export.description().isEmpty() ? "" : "  " + Printable.of(export.description());
        return Printable.quoted(export.name()) + description;
    }

    private static void write(JsonGenerator out, NbdUri server, List<ExportListing> exports) {
        out.writeStartObject();
        out.writeArrayPropertyStart("exports");
        for (ExportListing export : exports) {
            out.writeStartObject();
            out.writeStringProperty("export-name", export.name());
            out.writeStringProperty("description", export.description());
            out.writeStringProperty("uri", server.withExport(export.name()).toString());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
