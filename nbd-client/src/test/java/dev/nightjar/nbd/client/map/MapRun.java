package dev.nightjar.nbd.client.map;

import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.testkit.QemuImg.MapEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A range with one meaning; what a walk and {@code qemu-img map} have in common. */
record MapRun(long start, long length, String meaning) {

    /** What a walk found in one context, in qemu-img's terms. */
    static List<MapRun> ofWalk(List<Extent> extents, Function<Extent, String> meaning) {
        List<MapRun> runs = new ArrayList<>();
        extents.forEach(extent -> add(runs, new MapRun(extent.offset(), extent.length(), meaning.apply(extent))));
        return runs;
    }

    static List<MapRun> ofQemu(List<MapEntry> entries, Function<MapEntry, String> meaning) {
        List<MapRun> runs = new ArrayList<>();
        entries.forEach(entry -> add(runs, new MapRun(entry.start(), entry.length(), meaning.apply(entry))));
        return runs;
    }

    private static void add(List<MapRun> runs, MapRun next) {
        MapRun last = runs.isEmpty() ? null : runs.getLast();
        if (last != null && last.meaning.equals(next.meaning) && last.start + last.length == next.start) {
            runs.set(runs.size() - 1, new MapRun(last.start, last.length + next.length, last.meaning));
        } else {
            runs.add(next);
        }
    }
}
