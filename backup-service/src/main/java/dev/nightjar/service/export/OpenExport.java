package dev.nightjar.service.export;

import dev.nightjar.nbd.server.export.Export;
import dev.nightjar.nbd.server.export.ExportDescription;
import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.service.export.disk.OverlaidPoint;
import dev.nightjar.service.export.disk.OverlayDisk;
import dev.nightjar.service.export.disk.PointDisk;
import dev.nightjar.service.export.disk.SinceContexts;
import dev.nightjar.storage.overlay.Overlay;
import dev.nightjar.storage.serve.ServedPoint;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An export that is open in this process. Thread-safe.
 *
 * @param facts what was asked for
 * @param point the point, open
 * @param overlay what is written; null if it is read-only
 * @param since the points that it can be compared with
 */
record OpenExport(
        ServedDiskFacts facts, ServedPoint point, @Nullable Overlay overlay, SinceContexts since) implements Export {

    @Override
    public ExportDescription description() {
        List<String> contexts = since.points().stream().map(SinceContexts::name).toList();
        return new ExportDescription(
                facts.name(),
                facts.machineName() + " " + facts.diskName() + ", " + facts.instant(),
                facts.content().sizeBytes(),
                ExportDescription.DEFAULT_BLOCK_SIZES,
                facts.writable(),
                true,
                contexts);
    }

    @Override
    public ServedDisk open() {
        return overlay == null
                ? new PointDisk(facts.name(), point, since)
                : new OverlayDisk(facts.name(), new OverlaidPoint(point, overlay), since);
    }

    UUID id() {
        return facts.id();
    }

    /** Whether something would be lost if it were closed. */
    boolean isChanged() {
        return overlay != null && overlay.isChanged();
    }

    void close() {
        if (overlay != null) {
            overlay.close();
        }
    }
}
