package dev.nightjar.cli.nbd;

import dev.nightjar.cli.Sizes;
import dev.nightjar.nbd.protocol.ReplyMode;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Facts in nbdinfo's JSON, so that its readers can read ours. */
final class FactsJson {

    private FactsJson() {}

    /** All exports of one server; the mode is the one of the first. */
    static void write(JsonGenerator out, List<ExportFacts> exports) {
        out.writeStartObject();
        if (!exports.isEmpty()) {
            ReplyMode mode = exports.getFirst().export().mode();
            out.writeBooleanProperty("TLS", exports.getFirst().export().encrypted());
            out.writeBooleanProperty("structured", mode != ReplyMode.SIMPLE);
            out.writeBooleanProperty("extended", mode == ReplyMode.EXTENDED);
        }
        out.writeArrayPropertyStart("exports");
        exports.forEach(facts -> write(out, facts));
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, ExportFacts facts) {
        out.writeStartObject();
        out.writeStringProperty("export-name", facts.export().name());
        if (!facts.export().description().isEmpty()) {
            out.writeStringProperty("description", facts.export().description());
        }
        out.writeStringProperty("uri", facts.uri().toString());
        out.writeArrayPropertyStart("contexts");
        facts.contexts().forEach(out::writeString);
        out.writeEndArray();
        facts.flags().forEach(out::writeBooleanProperty);
        facts.blockSizes().forEach(out::writeNumberProperty);
        out.writeNumberProperty("export-size", facts.export().size());
        out.writeStringProperty("export-size-str", Sizes.exact(facts.export().size()));
        out.writeEndObject();
    }
}
