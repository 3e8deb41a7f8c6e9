package dev.nightjar.cli.repository;

import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.offline.Flaw;
import dev.nightjar.storage.offline.PackTotals;
import dev.nightjar.storage.offline.PointUse;
import dev.nightjar.storage.offline.RepositoryFacts;
import dev.nightjar.storage.point.PointRecord;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** A repository's facts for programs. */
final class RepositoryJson {

    private RepositoryJson() {}

    static void write(JsonGenerator out, RepositoryFacts facts) {
        out.writeStartObject();
        out.writeStringProperty("repositoryId", facts.config().repositoryId().toString());
        out.writeStringProperty("location", facts.location());
        out.writeNumberProperty("formatVersion", facts.config().formatVersion());
        out.writeStringProperty(
                "encryption",
                facts.config().encryption().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        out.writeBooleanProperty("locked", facts.locked());
        out.writeNumberProperty("chunkSizeBytes", facts.config().chunkSize().bytes());
        out.writeObjectPropertyStart("packs");
        for (ChunkKind kind : ChunkKind.values()) {
            write(out, kind == ChunkKind.DATA ? "data" : "map", facts.packs().get(kind));
        }
        out.writeEndObject();
        out.writeNumberProperty("pointRecords", facts.records());
        out.writeArrayPropertyStart("points");
        for (PointUse use : facts.points()) {
            out.writeStartObject();
            facts(out, use.point());
            out.writeNumberProperty("uniqueChunks", use.uniqueChunks());
            out.writeNumberProperty("uniqueBytes", use.uniqueBytes());
            out.writeBooleanProperty("whole", use.whole());
            out.writeEndObject();
        }
        out.writeEndArray();
        flaws(out, facts.flaws());
        out.writeEndObject();
    }

    /** What identifies a point. */
    static void facts(JsonGenerator out, PointRecord point) {
        out.writeStringProperty("id", point.id().toString());
        out.writeStringProperty("machine", point.machineName());
        out.writeStringProperty("disk", point.diskName());
        out.writeStringProperty("instant", point.instant().toString());
        out.writeNumberProperty("sizeBytes", point.sizeBytes());
    }

    static void flaws(JsonGenerator out, List<Flaw> flaws) {
        out.writeArrayPropertyStart("flaws");
        for (Flaw flaw : flaws) {
            out.writeStartObject();
            out.writeStringProperty("blob", flaw.blob());
            out.writeStringProperty("code", flaw.code().name());
            out.writeStringProperty("what", flaw.what());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void write(JsonGenerator out, String name, @org.jspecify.annotations.Nullable PackTotals totals) {
        out.writeObjectPropertyStart(name);
        out.writeNumberProperty("packs", totals == null ? 0 : totals.packs());
        out.writeNumberProperty("bytes", totals == null ? 0 : totals.bytes());
        out.writeNumberProperty("chunks", totals == null ? 0 : totals.chunks());
        if (totals != null && totals.liveBytes() >= 0) {
            out.writeNumberProperty("liveBytes", totals.liveBytes());
        }
        out.writeEndObject();
    }
}
