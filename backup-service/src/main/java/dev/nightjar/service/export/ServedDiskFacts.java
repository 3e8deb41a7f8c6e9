package dev.nightjar.service.export;

import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.serve.PointContent;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An export, as it was asked for, and the point that it shows. Immutable.
 *
 * @param id the export
 * @param name its name
 * @param home the data directory of the node that serves it
 * @param writable whether it can be written
 * @param overlayLimitBytes how much data may be written to it
 * @param createdAt when it was opened
 * @param repositoryId where the point is, or was; null for the primary repository
 * @param pointId the point, which may be gone
 * @param machineId whose disk
 * @param machineName what the machine was called
 * @param diskName the disk
 * @param instant the moment that the point shows
 * @param content the point's content
 */
record ServedDiskFacts(
        UUID id,
        String name,
        UUID home,
        boolean writable,
        long overlayLimitBytes,
        Instant createdAt,
        @Nullable UUID repositoryId,
        UUID pointId,
        UUID machineId,
        String machineName,
        String diskName,
        Instant instant,
        PointContent content) {

    static ServedDiskFacts of(
            UUID id,
            String name,
            UUID home,
            boolean writable,
            long overlayLimit,
            Instant createdAt,
            UUID repositoryId,
            PointRecord point) {
        return new ServedDiskFacts(
                id,
                name,
                home,
                writable,
                overlayLimit,
                createdAt,
                repositoryId,
                point.id(),
                point.machineId(),
                point.machineName(),
                point.diskName(),
                point.instant(),
                PointContent.of(point));
    }

    static ServedDiskFacts of(ExportEntity row) {
        ChunkId node = row.root == null ? null : ChunkId.of(row.root);
        return new ServedDiskFacts(
                row.id,
                row.name,
                Objects.requireNonNull(row.home, "exports without a home were adopted"),
                row.writable,
                row.overlayLimitBytes,
                row.createdAt,
                row.repositoryId,
                row.pointId,
                row.machineId,
                row.machineName,
                row.diskName,
                row.instant,
                new PointContent(new MapRoot(node, row.chunkCount), row.sizeBytes));
    }

    ExportEntity row(ExportState state) {
        ExportEntity row = new ExportEntity();
        row.id = id;
        row.name = name;
        row.home = home;
        row.state = state;
        row.writable = writable;
        row.overlayLimitBytes = overlayLimitBytes;
        row.createdAt = createdAt;
        row.repositoryId = repositoryId;
        row.pointId = pointId;
        row.machineId = machineId;
        row.machineName = machineName;
        row.diskName = diskName;
        row.instant = instant;
        row.sizeBytes = content.sizeBytes();
        ChunkId node = content.root().node();
        row.root = node == null ? null : node.toBytes();
        row.chunkCount = content.root().chunkCount();
        return row;
    }
}
