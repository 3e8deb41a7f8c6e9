package dev.nightjar.cli.repository;

import dev.nightjar.cli.Printable;
import dev.nightjar.cli.ResultOutput.Lines;
import dev.nightjar.cli.Sizes;
import dev.nightjar.storage.offline.MapStatistics;
import dev.nightjar.storage.point.DamagedRanges.Range;
import dev.nightjar.storage.point.PointRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** One point, its record and the shape of its map. */
final class PointOutput {

    private PointOutput() {}

    static void text(Lines out, PointRecord point, MapStatistics map) {
        out.print("point " + point.id());
        out.print("  machine: " + Printable.of(point.machineName()) + " (" + point.machineId() + ")");
        out.print("  disk: " + Printable.of(point.diskName()));
        out.print("  instant: " + point.instant());
        out.print("  size: %d (%s)".formatted(point.sizeBytes(), Sizes.exact(point.sizeBytes())));
        out.print("  set, run: " + point.setId() + ", " + point.runId());
        out.print("  parent: " + (point.parentId() == null ? "none" : point.parentId()));
        out.print("  mode, consistency: " + point.mode() + ", " + Printable.of(point.consistency()));
        if (point.checkpoint() != null) {
            out.print("  checkpoint: " + Printable.of(point.checkpoint().name()));
        }
        out.print("  read, zero, new, deduplicated, stored: %s, %s, %s, %s, %s"
                .formatted(
                        Sizes.rounded(point.totals().readBytes()),
                        Sizes.rounded(point.totals().zeroBytes()),
                        Sizes.rounded(point.totals().newBytes()),
                        Sizes.rounded(point.totals().deduplicatedBytes()),
                        Sizes.rounded(point.totals().storedBytes())));
        for (Range range : point.damaged().ranges()) {
            out.print(
                    "  could not be read when it was taken: %d bytes at %d".formatted(range.length(), range.offset()));
        }
        out.print("  root: "
                + (point.root().node() == null
                        ? "none, every chunk is zero"
                        : point.root().node()));
        out.print("  map: %d levels, %d nodes, %d chunks in %d extents (%s), %d zero chunks"
                .formatted(
                        map.levels(),
                        map.nodes(),
                        map.chunks(),
                        map.extents(),
                        Sizes.rounded(map.dataBytes()),
                        map.zeroChunks()));
    }

    static void json(JsonGenerator out, PointRecord point, MapStatistics map) {
        out.writeStartObject();
        RepositoryJson.facts(out, point);
        out.writeStringProperty("machineId", point.machineId().toString());
        out.writeStringProperty("setId", point.setId().toString());
        out.writeStringProperty("runId", point.runId().toString());
        optional(out, "parentId", point.parentId());
        out.writeStringProperty("mode", point.mode().name());
        out.writeStringProperty("consistency", point.consistency());
        if (point.checkpoint() != null) {
            out.writeStringProperty("checkpoint", point.checkpoint().name());
        }
        out.writeNumberProperty("readBytes", point.totals().readBytes());
        out.writeNumberProperty("zeroBytes", point.totals().zeroBytes());
        out.writeNumberProperty("newBytes", point.totals().newBytes());
        out.writeNumberProperty("deduplicatedBytes", point.totals().deduplicatedBytes());
        out.writeNumberProperty("storedBytes", point.totals().storedBytes());
        ranges(out, "damaged", point.damaged().ranges());
        map(out, point, map);
        out.writeEndObject();
    }

    static void ranges(JsonGenerator out, String name, Iterable<Range> ranges) {
        out.writeArrayPropertyStart(name);
        for (Range range : ranges) {
            out.writeStartObject();
            out.writeNumberProperty("offset", range.offset());
            out.writeNumberProperty("length", range.length());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void map(JsonGenerator out, PointRecord point, MapStatistics map) {
        out.writeObjectPropertyStart("map");
        if (point.root().node() != null) {
            out.writeStringProperty("root", point.root().node().hex());
        }
        out.writeNumberProperty("levels", map.levels());
        out.writeNumberProperty("nodes", map.nodes());
        out.writeNumberProperty("chunks", map.chunks());
        out.writeNumberProperty("zeroChunks", map.zeroChunks());
        out.writeNumberProperty("extents", map.extents());
        out.writeNumberProperty("dataBytes", map.dataBytes());
        out.writeEndObject();
    }

    private static void optional(JsonGenerator out, String name, @Nullable UUID id) {
        if (id != null) {
            out.writeStringProperty(name, id.toString());
        }
    }
}
