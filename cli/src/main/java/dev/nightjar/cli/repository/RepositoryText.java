package dev.nightjar.cli.repository;

import dev.nightjar.cli.Printable;
import dev.nightjar.cli.ResultOutput.Lines;
import dev.nightjar.cli.Sizes;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.offline.Flaw;
import dev.nightjar.storage.offline.PackTotals;
import dev.nightjar.storage.offline.PointUse;
import dev.nightjar.storage.offline.RepositoryFacts;
import dev.nightjar.storage.point.PointRecord;
import java.util.Locale;

/** A repository's facts for people. */
final class RepositoryText {

    private RepositoryText() {}

    static void write(Lines out, RepositoryFacts facts) {
        out.print("repository " + facts.config().repositoryId());
        out.print("  location: " + Printable.of(facts.location()));
        out.print("  format: version " + facts.config().formatVersion());
        out.print("  encryption: " + encryption(facts));
        out.print("  chunks: " + Sizes.exact(facts.config().chunkSize().bytes()));
        for (ChunkKind kind : ChunkKind.values()) {
            out.print("  " + packs(kind, facts.packs().get(kind)));
        }
        out.print("  points: " + facts.records());
        if (!facts.points().isEmpty()) {
            out.print("");
            out.print(
                    "%-36s  %-24s  %-20s  %10s  %10s".formatted("point", "instant", "machine, disk", "size", "unique"));
            facts.points().forEach(use -> out.print(point(use)));
        }
        for (Flaw flaw : facts.flaws()) {
            out.print("");
            out.print(flaw.code() + ": " + flaw.blob());
            out.print("  " + Printable.of(flaw.what()));
        }
    }

    private static String encryption(RepositoryFacts facts) {
        String name =
                facts.config().encryption().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return name + (facts.locked() ? ", looked at without the key" : "");
    }

    private static String packs(ChunkKind kind, @org.jspecify.annotations.Nullable PackTotals totals) {
        String name = switch (kind) {
            case DATA -> "data packs";
            case MAP_NODE -> "map packs";
        };
        if (totals == null) {
            return name + ": none";
        }
        String what = kind == ChunkKind.DATA ? "chunks" : "nodes";
        String all = "%s: %d, %s, %d %s"
                .formatted(name, totals.packs(), Sizes.rounded(totals.bytes()), totals.chunks(), what);
        return totals.liveBytes() < 0 ? all : all + ", " + percent(totals) + " of it needed by points";
    }

    private static String percent(PackTotals totals) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * totals.liveBytes() / totals.bytes());
    }

    private static String point(PointUse use) {
        PointRecord point = use.point();
        return "%s  %-24s  %-20s  %10s  %10s%s"
                .formatted(
                        point.id(),
                        point.instant(),
                        Printable.of(point.machineName() + ", " + point.diskName()),
                        Sizes.rounded(point.sizeBytes()),
                        Sizes.rounded(use.uniqueBytes()),
                        use.whole() ? "" : "  DAMAGED");
    }
}
