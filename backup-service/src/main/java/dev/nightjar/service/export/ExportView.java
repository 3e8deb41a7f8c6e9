package dev.nightjar.service.export;

import dev.nightjar.service.export.attach.Snippet;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An export, as the API shows it.
 *
 * @param id the export
 * @param name its name over NBD
 * @param node the node that serves it
 * @param state whether it can be used
 * @param error why it cannot
 * @param writable whether it can be written
 * @param repositoryId the repository of the point that it shows
 * @param pointId the point that it shows; it may have been deleted, which does not disturb the export
 * @param machineId whose disk; the machine may be gone
 * @param machineName what the machine was called
 * @param disk the disk
 * @param instant the moment that the point shows
 * @param sizeBytes the disk's size
 * @param createdAt when it was opened
 * @param statistics what it did since it was opened, or since the service was started
 * @param overlay what was written to it; null if it is read-only or cannot be used
 * @param contexts metadata contexts beside base:allocation
 * @param addresses where it can be reached, and what to paste there
 */
@Schema(name = "Export")
record ExportView(
        UUID id,
        String name,
        String node,
        State state,
        @Nullable ExportError error,
        boolean writable,
        @Nullable UUID repositoryId,
        UUID pointId,
        UUID machineId,
        String machineName,
        String disk,
        Instant instant,
        long sizeBytes,
        Instant createdAt,
        Statistics statistics,
        @Nullable OverlayView overlay,
        List<String> contexts,
        List<Address> addresses) {

    /** Whether an export can be used. */
    @Schema(name = "ExportState")
    enum State {
        /** Clients can connect. */
        OPEN,
        /** What was written becomes a recovery point; no client can connect meanwhile. */
        KEEPING,
        /** Something keeps it from being served; it is tried again every few seconds. */
        UNAVAILABLE,
        /** Another node serves it, as that one will say. */
        ELSEWHERE,
        /** The node that served it is gone. A read-only one can be taken over. */
        ORPHANED
    }

    /**
     * Why an export cannot be used.
     *
     * @param code the stable name
     * @param message what happened
     * @param hint what a person can do
     */
    @Schema(name = "ExportError")
    record ExportError(String code, String message, String hint) {}

    /**
     * What an export did.
     *
     * @param clients connected now
     * @param connections so far
     * @param requests answered
     * @param readBytes sent
     * @param writtenBytes received
     * @param errors requests answered with an error
     */
    @Schema(name = "ExportStatistics")
    record Statistics(int clients, long connections, long requests, long readBytes, long writtenBytes, long errors) {}

    /**
     * What was written to an export.
     *
     * @param usedBytes data that was written
     * @param limitBytes how much may be
     * @param changed whether anything was written, zeroed or discarded
     */
    @Schema(name = "ExportOverlay")
    record OverlayView(long usedBytes, long limitBytes, boolean changed) {}

    /**
     * Where an export can be reached.
     *
     * @param uri its NBD URI
     * @param transport over the network, or on the service's host only
     * @param tls whether clients have to encrypt, or should
     * @param certificates the client's certificates on the service's host, to be copied to where the client runs; null if there are none of ours
     * @param snippets what to paste
     */
    @Schema(name = "ExportAddress")
    record Address(
            String uri,
            Transport transport,
            boolean tls,
            @Nullable String certificates,
            List<Snippet> snippets) {}

    /** Ways to reach an export. */
    @Schema(name = "ExportTransport")
    enum Transport {
        /** Over the network. */
        TCP,
        /** From the service's host. */
        UNIX
    }
}
