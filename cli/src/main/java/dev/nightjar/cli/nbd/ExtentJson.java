package dev.nightjar.cli.nbd;

import dev.nightjar.nbd.client.extent.Extent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;

/** One entry of a map in JSON. */
final class ExtentJson {

    private ExtentJson() {}

    static void write(JsonGenerator out, List<String> contexts, Extent extent) {
        out.writeStartObject();
        out.writeNumberProperty("offset", extent.offset());
        out.writeNumberProperty("length", extent.length());
        statuses(out, contexts, extent.status());
        out.writeEndObject();
    }

    static void writeTotal(JsonGenerator out, List<String> contexts, StatusTotals.Total total) {
        out.writeStartObject();
        out.writeNumberProperty("length", total.bytes());
        out.writeNumberProperty("percent", total.percent());
        statuses(out, contexts, total.status());
        out.writeEndObject();
    }

    private static void statuses(JsonGenerator out, List<String> contexts, Map<String, Long> status) {
        out.writeObjectPropertyStart("contexts");
        for (String context : contexts) {
            out.writeName(context);
            out.writeNumber(StatusNames.number(Objects.requireNonNull(status.get(context), context)));
        }
        out.writeEndObject();
    }
}
