package dev.nightjar.service.export;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An export's row, with what is needed of a point that may be gone. */
@Entity
@Table(name = "export")
class ExportEntity {

    @Id
    UUID id;

    String name;

    @Enumerated(EnumType.STRING)
    ExportState state;

    boolean writable;

    @Column(name = "overlay_limit_bytes")
    long overlayLimitBytes;

    @Column(name = "created_at")
    Instant createdAt;

    @Nullable
    UUID home;

    /** Null of an export from before there were others to serve from: the primary one. */
    @Column(name = "repository_id")
    @Nullable
    UUID repositoryId;

    @Column(name = "point_id")
    UUID pointId;

    @Column(name = "machine_id")
    UUID machineId;

    @Column(name = "machine_name")
    String machineName;

    @Column(name = "disk_name")
    String diskName;

    Instant instant;

    @Column(name = "size_bytes")
    long sizeBytes;

    byte @Nullable [] root;

    @Column(name = "chunk_count")
    long chunkCount;
}
