package dev.nightjar.demo;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Draws the numbers of the backups side by side. */
final class ReportTable {

    private static final int LABEL = 22;
    private static final int COLUMN = 16;

    private ReportTable() {}

    static List<String> lines(List<Report.Backup> backups) {
        List<String> lines = new ArrayList<>();
        lines.add(row("", backups, Report.Backup::name));
        lines.add("  " + "─".repeat(LABEL + COLUMN * backups.size()));
        lines.add(row("mode", backups, backup -> backup.mode().toLowerCase(Locale.ROOT)));
        lines.add(bytes("virtual size", backups, Report.Backup::virtualSizeBytes));
        lines.add(bytes("dirty, not zero", backups, Report.Backup::allocatedBytes));
        lines.add(bytes("dirty", backups, Report.Backup::dirtyBytes));
        lines.add(bytes("read", backups, Report.Backup::readBytes));
        lines.add(bytes("zeros, not read", backups, Report.Backup::zeroBytes));
        lines.add(bytes("new", backups, Report.Backup::newBytes));
        lines.add(bytes("deduplicated", backups, Report.Backup::deduplicatedBytes));
        lines.add(bytes("stored", backups, Report.Backup::storedBytes));
        for (String phase : phases(backups)) {
            lines.add(millis(
                    "time " + phase.toLowerCase(Locale.ROOT),
                    backups,
                    backup -> backup.phaseMillis().getOrDefault(phase, 0L)));
        }
        lines.add(millis("time of the backup", backups, Report.Backup::backupMillis));
        lines.add(millis("time of the restore", backups, Report.Backup::restoreMillis));
        return lines;
    }

    private static Set<String> phases(List<Report.Backup> backups) {
        Set<String> phases = new LinkedHashSet<>();
        backups.forEach(backup -> phases.addAll(backup.phaseMillis().keySet()));
        return phases;
    }

    private static String bytes(String label, List<Report.Backup> backups, Function<Report.Backup, Long> value) {
        return row(label, backups, backup -> Bytes.show(value.apply(backup)));
    }

    private static String millis(String label, List<Report.Backup> backups, Function<Report.Backup, Long> value) {
        return row(label, backups, backup -> String.format(Locale.ROOT, "%,d ms", value.apply(backup)));
    }

    private static String row(String label, List<Report.Backup> backups, Function<Report.Backup, String> value) {
        StringBuilder row = new StringBuilder("  ").append(label).append(" ".repeat(LABEL - label.length()));
        for (Report.Backup backup : backups) {
            row.append(String.format(Locale.ROOT, "%" + COLUMN + "s", value.apply(backup)));
        }
        return row.toString();
    }
}
