package dev.nightjar.cli.copy;

import tools.jackson.core.JsonGenerator;

/** What a copy did, for scripts. */
final class TotalsJson {

    private TotalsJson() {}

    static void write(JsonGenerator out, CopyTotals totals) {
        out.writeStartObject();
        out.writeNumberProperty("size", totals.size());
        out.writeNumberProperty("readBytes", totals.readBytes());
        out.writeNumberProperty("zeroBytes", totals.zeroBytes());
        out.writeNumberProperty("writtenBytes", totals.writtenBytes());
        out.writeNumberProperty("seconds", totals.took().toNanos() / 1e9);
        out.writeEndObject();
    }
}
