package dev.nightjar.service.export;

import dev.nightjar.nbd.server.export.ExportStatistics;
import dev.nightjar.service.error.Failure;
import dev.nightjar.service.export.attach.AttachedDisk;
import dev.nightjar.service.export.attach.Snippets;
import dev.nightjar.service.export.disk.SinceContexts;
import dev.nightjar.service.export.endpoint.NbdAddress;
import dev.nightjar.service.export.endpoint.NbdEndpoint;
import dev.nightjar.storage.overlay.Overlay;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts together what the API shows of an export. Thread-safe. */
final class ExportViews {

    private static final ExportStatistics NOTHING = new ExportStatistics(0, 0, 0, 0, 0, 0);

    private final NbdEndpoint endpoint;
    private final ExportHomes homes;

    ExportViews(NbdEndpoint endpoint, ExportHomes homes) {
        this.endpoint = endpoint;
        this.homes = homes;
    }

    ExportView of(ServedDiskFacts facts, @Nullable OpenExport open, boolean keeping, @Nullable Failure failure) {
        ExportStatistics statistics = endpoint.statistics(facts.name()).orElse(NOTHING);
        return new ExportView(
                facts.id(),
                facts.name(),
                homes.name(facts),
                state(facts, open, keeping),
                failure == null ? null : new ExportView.ExportError(failure.code(), failure.message(), failure.hint()),
                facts.writable(),
                facts.repositoryId(),
                facts.pointId(),
                facts.machineId(),
                facts.machineName(),
                facts.diskName(),
                facts.instant(),
                facts.content().sizeBytes(),
                facts.createdAt(),
                statistics(statistics),
                overlay(facts, open),
                open == null
                        ? List.of()
                        : open.since().points().stream()
                                .map(SinceContexts::name)
                                .toList(),
                open == null || keeping
                        ? List.of()
                        : endpoint.addresses().stream()
                                .map(address -> address(facts, address))
                                .toList());
    }

    private ExportView.State state(ServedDiskFacts facts, @Nullable OpenExport open, boolean keeping) {
        if (!homes.isHere(facts)) {
            return homes.isOrphaned(facts) ? ExportView.State.ORPHANED : ExportView.State.ELSEWHERE;
        }
        if (keeping) {
            return ExportView.State.KEEPING;
        }
        return open == null ? ExportView.State.UNAVAILABLE : ExportView.State.OPEN;
    }

    private static ExportView.Statistics statistics(ExportStatistics statistics) {
        return new ExportView.Statistics(
                statistics.clients(),
                statistics.connections(),
                statistics.requests(),
                statistics.bytesRead(),
                statistics.bytesWritten(),
                statistics.errors());
    }

    private static ExportView.@Nullable OverlayView overlay(ServedDiskFacts facts, @Nullable OpenExport open) {
        Overlay overlay = open == null ? null : open.overlay();
        return overlay == null
                ? null
                : new ExportView.OverlayView(overlay.usedBytes(), facts.overlayLimitBytes(), overlay.isChanged());
    }

    private static ExportView.Address address(ServedDiskFacts facts, NbdAddress address) {
        Snippets snippets = new Snippets(new AttachedDisk(facts.name(), facts.writable()), address);
        ExportView.Transport transport = switch (address) {
            case NbdAddress.Tcp _ -> ExportView.Transport.TCP;
            case NbdAddress.Unix _ -> ExportView.Transport.UNIX;
        };
        Path certificates = address.encryption().clientDirectory();
        return new ExportView.Address(
                snippets.uri(),
                transport,
                address.encryption().tls(),
                certificates == null ? null : certificates.toString(),
                snippets.all());
    }
}
