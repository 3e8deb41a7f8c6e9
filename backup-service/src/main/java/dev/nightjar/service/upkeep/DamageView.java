package dev.nightjar.service.upkeep;

import dev.nightjar.storage.catalog.DamageTable.DamagedPackRow;
import dev.nightjar.storage.pack.PackFlaw;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.scrub.DamageReport;
import dev.nightjar.storage.scrub.DamagedPoint;
import dev.nightjar.storage.scrub.Reach;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is damaged in the repository and what that reaches, as the API shows it.
 *
 * @param chunks how many chunks and map nodes cannot be read
 * @param packs the files with something wrong
 * @param points the recovery points that it reaches, oldest first
 */
@Schema(name = "Damage")
record DamageView(long chunks, List<DamagedPackView> packs, List<DamagedPointView> points) {

    DamageView {
        packs = List.copyOf(packs);
        points = List.copyOf(points);
    }

    /**
     * A file with something wrong.
     *
     * @param id its name
     * @param flaws what is wrong
     * @param chunks how many of its chunks cannot be read; 0 if all that is needed of it lies elsewhere by now
     * @param foundAt when that was found
     */
    @Schema(name = "DamagedPack")
    record DamagedPackView(String id, List<PackFlaw> flaws, long chunks, Instant foundAt) {

        DamagedPackView {
            flaws = List.copyOf(flaws);
        }
    }

    /**
     * A recovery point that damage reaches.
     *
     * @param id the point
     * @param machineId whose
     * @param machineName what the machine was called
     * @param disk the disk's name
     * @param instant the moment whose content it is
     * @param sizeBytes the disk's size
     * @param bytes how much of it cannot be read
     * @param rangeCount in how many ranges
     * @param ranges the first of them
     * @param map whether that is so because nodes of its map are damaged
     * @param record what is wrong with its record; null if nothing is
     */
    @Schema(name = "DamagedPoint")
    record DamagedPointView(
            UUID id,
            UUID machineId,
            String machineName,
            String disk,
            Instant instant,
            long sizeBytes,
            long bytes,
            long rangeCount,
            List<UnreadableRange> ranges,
            boolean map,
            @Nullable String record) {

        DamagedPointView {
            ranges = List.copyOf(ranges);
        }
    }

    /**
     * A range of a disk.
     *
     * @param offset in bytes
     * @param length bytes
     */
    @Schema(name = "UnreadableRange")
    record UnreadableRange(long offset, long length) {}

    static DamageView of(DamageReport report) {
        return new DamageView(
                report.damagedChunks(),
                report.packs().stream().map(DamageView::of).toList(),
                report.points().stream().map(DamageView::of).toList());
    }

    static DamagedPointView of(DamagedPoint damaged) {
        PointRecord point = damaged.point();
        Reach reach = damaged.reach();
        return new DamagedPointView(
                point.id(),
                point.machineId(),
                point.machineName(),
                point.diskName(),
                point.instant(),
                point.sizeBytes(),
                reach.bytes(),
                reach.rangeCount(),
                reach.ranges().stream()
                        .map(range -> new UnreadableRange(range.offset(), range.length()))
                        .toList(),
                reach.map(),
                damaged.recordDamage());
    }

    private static DamagedPackView of(DamagedPackRow row) {
        return new DamagedPackView(
                row.pack().id().hex(), row.flaws().stream().sorted().toList(), row.damagedChunks(), row.foundAt());
    }
}
