package dev.nightjar.cli.repository;

import dev.nightjar.cli.Printable;
import dev.nightjar.cli.ResultOutput.Lines;
import dev.nightjar.cli.Sizes;
import dev.nightjar.storage.offline.CheckReport;
import dev.nightjar.storage.offline.Flaw;
import dev.nightjar.storage.offline.UnreadablePart;
import dev.nightjar.storage.point.PointRecord;
import tools.jackson.core.JsonGenerator;

/** What a check has found. */
final class CheckOutput {

    /** More ranges of one point are not read by anybody; JSON has them. */
    private static final int MOST_RANGES = 20;

    private CheckOutput() {}

    static void text(Lines out, CheckReport report) {
        out.print("%d packs, %s (%s of them read to the last byte), %d chunks, %d points"
                .formatted(
                        report.packs(),
                        Sizes.rounded(report.packBytes()),
                        Sizes.rounded(report.bytesRead()),
                        report.chunks(),
                        report.points()));
        report.unproven().forEach(what -> out.print("not checked: " + what));
        report.foreign().forEach(name -> out.print("does not belong here, left alone: " + name));
        for (Flaw flaw : report.flaws()) {
            out.print(flaw.code() + ": " + flaw.blob());
            out.print("  " + Printable.of(flaw.what()));
        }
        report.unreadable().forEach(part -> print(out, part));
        out.print(verdict(report));
    }

    private static String verdict(CheckReport report) {
        if (report.isSound()) {
            return "sound: everything that was checked is as it was written";
        }
        if (!report.isDamaged()) {
            return "UNREADABLE: %d packs or records could not be read, %d points not as a whole; look into the kernel's log and at the files' permissions, then check again"
                    .formatted(report.flaws().size(), report.unreadable().size());
        }
        if (report.unreadable().isEmpty()) {
            return "DAMAGED: %d packs or records; no point whose record can be read needs what is damaged"
                    .formatted(report.flaws().size());
        }
        return "DAMAGED: %d packs or records, %d points cannot be read as a whole"
                .formatted(report.flaws().size(), report.unreadable().size());
    }

    private static void print(Lines out, UnreadablePart part) {
        PointRecord point = part.point();
        out.print("cannot be read: %s of point %s, %s of %s at %s"
                .formatted(
                        Sizes.rounded(part.bytes()),
                        point.id(),
                        Printable.of(point.diskName()),
                        Printable.of(point.machineName()),
                        point.instant()));
        out.print("  %d chunks are missing, %d damaged, and %d nodes of the map"
                .formatted(part.missingChunks(), part.damagedChunks(), part.mapNodes()));
        part.ranges().stream()
                .limit(MOST_RANGES)
                .forEach(range -> out.print(
                        "  %d to %d (%s)".formatted(range.offset(), range.end() - 1, Sizes.rounded(range.length()))));
        if (part.rangeCount() > MOST_RANGES) {
            out.print("  and %d more ranges".formatted(part.rangeCount() - MOST_RANGES));
        }
    }

    static void json(JsonGenerator out, CheckReport report) {
        out.writeStartObject();
        out.writeBooleanProperty("sound", report.isSound());
        out.writeNumberProperty("packs", report.packs());
        out.writeNumberProperty("packBytes", report.packBytes());
        out.writeNumberProperty("bytesRead", report.bytesRead());
        out.writeNumberProperty("chunks", report.chunks());
        out.writeNumberProperty("points", report.points());
        RepositoryJson.flaws(out, report.flaws());
        out.writeArrayPropertyStart("unreadable");
        for (UnreadablePart part : report.unreadable()) {
            out.writeStartObject();
            RepositoryJson.facts(out, part.point());
            out.writeNumberProperty("unreadableBytes", part.bytes());
            out.writeNumberProperty("missingChunks", part.missingChunks());
            out.writeNumberProperty("damagedChunks", part.damagedChunks());
            out.writeNumberProperty("damagedMapNodes", part.mapNodes());
            out.writeNumberProperty("rangeCount", part.rangeCount());
            PointOutput.ranges(out, "ranges", part.ranges());
            out.writeEndObject();
        }
        out.writeEndArray();
        strings(out, "foreign", report.foreign());
        strings(out, "notChecked", report.unproven());
        out.writeEndObject();
    }

    private static void strings(JsonGenerator out, String name, Iterable<String> texts) {
        out.writeArrayPropertyStart(name);
        texts.forEach(out::writeString);
        out.writeEndArray();
    }
}
