package dev.nightjar.service.export;

import dev.nightjar.storage.point.PointRecord;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Predicate;

/** Names for exports that nobody named. */
final class ExportNames {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int LONGEST_PART = 40;

    private ExportNames() {}

    /** A name that says which disk at which time, and is not taken. */
    static String of(PointRecord point, Predicate<String> taken) {
        String name = part(point.machineName()) + "-" + part(point.diskName()) + "-" + TIME.format(point.instant());
        String free = name;
        for (int number = 2; taken.test(free); number++) {
            free = name + "-" + number;
        }
        return free;
    }

    private static String part(String text) {
        String safe = text.replaceAll("[^A-Za-z0-9._-]+", "_").replaceAll("^[^A-Za-z0-9]+", "");
        String part = safe.isEmpty() ? "disk" : safe;
        return part.substring(0, Math.min(part.length(), LONGEST_PART));
    }
}
