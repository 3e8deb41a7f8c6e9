package dev.nightjar.service.export;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.error.Failure;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.export.endpoint.NbdEndpoint;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunHistory;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.service.run.RunRequest;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * The exports. Thread-safe; changes come one after the other.
 *
 * <p>An export outlives the process: what is written down as open is opened again, whatever ended the process before. The order of opening: row, protection, overlay, row OPEN; of
 * closing: row CLOSING, server, protection, overlay, row. So a crash leaves nothing that the next start does not know of.
 *
 * <p>An export belongs to a data directory, where its overlay is, and only the node that has it serves the export. Other nodes list it.
 */
@Service
class Exports {

    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

    private final ExportStore store;
    private final ExportDisks disks;
    private final NbdEndpoint endpoint;
    private final RepositoryProvider repository;
    private final RunLauncher launcher;
    private final NightjarProperties properties;
    private final Clock clock;
    private final ExportHomes homes;
    private final RunHistory runs;
    private final ExportViews views;
    private final ExportMetrics metrics;
    private final Map<UUID, OpenExport> open = new ConcurrentHashMap<>();
    private final Map<UUID, Failure> failures = new ConcurrentHashMap<>();
    private final Set<UUID> keeping = ConcurrentHashMap.newKeySet();
    private @Nullable UUID lastRebuild;
    private boolean lookedForUnknown;
    private boolean ended;

    Exports(
            ExportStore store,
            ExportDisks disks,
            NbdEndpoint endpoint,
            RepositoryProvider repository,
            RunLauncher launcher,
            NightjarProperties properties,
            ExportHomes homes,
            RunHistory runs,
            MeterRegistry meters,
            Clock clock) {
        this.store = store;
        this.disks = disks;
        this.endpoint = endpoint;
        this.repository = repository;
        this.launcher = launcher;
        this.properties = properties;
        this.clock = clock;
        this.homes = homes;
        this.runs = runs;
        views = new ExportViews(endpoint, homes);
        metrics = new ExportMetrics(meters, endpoint, disks);
    }

    @PostConstruct
    void adopt() {
        store.adopt(homes.here());
    }

    /** All of them, newest first. */
    List<ExportView> all() {
        return store.all().stream()
                .filter(row -> row.state == ExportState.OPEN)
                .map(row -> view(ServedDiskFacts.of(row)))
                .toList();
    }

    /** How many are served by this process. */
    int served() {
        return open.size();
    }

    /**
     * One of them.
     *
     * @throws NightjarException EXPORT_NOT_FOUND
     */
    ExportView get(UUID id) {
        return view(facts(id));
    }

    /**
     * Serves a point from now on.
     *
     * @throws NightjarException EXPORT_LIMIT_REACHED, EXPORT_NAME_TAKEN, OVERLAY_DIRECTORY_NOT_WRITABLE, NBD_ADDRESS_UNAVAILABLE, NBD_TLS_INVALID; nothing is left then
     * @throws StorageException POINT_NOT_FOUND, OVERLAY_NOT_WRITABLE, or what keeps the repository from being used
     */
    synchronized ExportView open(OpenExportRequest request) {
        Repository from = repository.getOrPrimary(request.repositoryId());
        PointRecord point = from.point(request.pointId());
        List<ExportEntity> rows = store.of(homes.here());
        int most = properties.nbd().exports();
        if (rows.size() >= most) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "EXPORT_LIMIT_REACHED",
                    rows.size() + " exports are open, and no more than " + most + " may be",
                    "Close one, or raise nightjar.nbd.exports.");
        }
        String name = request.name() == null ? ExportNames.of(point, store::isTaken) : request.name();
        if (store.isTaken(name)) {
            throw ExportStore.nameTaken(name);
        }
        Long limit = request.overlayLimitBytes();
        ServedDiskFacts facts = ServedDiskFacts.of(
                UUID.randomUUID(),
                name,
                homes.here(),
                request.wantsWritable(),
                limit == null ? properties.nbd().overlayLimit().toBytes() : limit,
                clock.instant(),
                from.config().repositoryId(),
                point);
        store.begin(facts);
        try {
            serve(disks.create(facts));
            store.move(facts, ExportState.OPEN);
            return view(facts);
        } catch (RuntimeException e) {
            undo(facts, e);
            throw e;
        }
    }

    /**
     * Closes an export; its clients are disconnected. One of a node that is gone is forgotten, which discards what was written.
     *
     * @param discard whether what was written may be lost
     * @throws NightjarException EXPORT_NOT_FOUND, EXPORT_ELSEWHERE, EXPORT_BUSY, EXPORT_HAS_CHANGES; it stays as it is then
     */
    synchronized void close(UUID id, boolean discard) {
        ServedDiskFacts facts = facts(id);
        if (!homes.isHere(facts) && homes.isOrphaned(facts) && (discard || !facts.writable())) {
            disks.unprotect(facts);
            store.delete(id);
            return;
        }
        homes.requireHere(facts);
        requireIdle(facts);
        OpenExport export = open.get(id);
        boolean maybeChanged = facts.writable() && (export == null || export.isChanged());
        if (maybeChanged && !discard) {
            throw changed(facts);
        }
        endpoint.remove(facts.name());
        if (!discard && export != null && export.isChanged()) {
            // Somebody wrote while we looked.
            endpoint.add(export);
            throw changed(facts);
        }
        store.move(facts, ExportState.CLOSING);
        finish(facts);
    }

    /**
     * Serves a read-only export of a node that is gone from here on.
     *
     * @throws NightjarException EXPORT_NOT_FOUND, EXPORT_NOT_ORPHANED, EXPORT_WRITABLE
     */
    synchronized ExportView take(UUID id) {
        ServedDiskFacts facts = facts(id);
        homes.requireTakeable(facts);
        if (store.give(facts, homes.here())) {
            reopen(facts(id));
        }
        return get(id);
    }

    /**
     * Makes a recovery point of what was written, as a run; when it succeeds the export is closed.
     *
     * @throws NightjarException EXPORT_NOT_FOUND, EXPORT_ELSEWHERE, EXPORT_BUSY, EXPORT_READ_ONLY, EXPORT_UNAVAILABLE, EXPORT_UNCHANGED, EXPORT_IN_USE; nothing has begun then
     */
    synchronized RunView keep(UUID id) {
        ServedDiskFacts facts = facts(id);
        homes.requireHere(facts);
        requireIdle(facts);
        OpenExport export = Keepable.require(facts, open.get(id), endpoint);
        keeping.add(id);
        endpoint.remove(facts.name());
        try {
            KeepTask task = new KeepTask(export, repository, clock);
            return launcher.submit(new RunRequest(
                    RunKind.KEEP,
                    RunTrigger.MANUAL,
                    facts.machineId(),
                    facts.machineName(),
                    null,
                    null,
                    facts.name(),
                    context -> {
                        boolean kept = false;
                        try {
                            task.execute(context);
                            kept = true;
                        } finally {
                            afterKeeping(export, kept);
                        }
                    }));
        } catch (RuntimeException e) {
            afterKeeping(export, false);
            throw e;
        }
    }

    /** Opens what is to be open and is not, and finishes what was cut off; at the start, and as long as something fails. */
    @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
    synchronized void settle() {
        if (ended) {
            return;
        }
        List<ExportEntity> rows = store.of(homes.here());
        Set<UUID> known = rows.stream().map(row -> row.id).collect(Collectors.toSet());
        letGoOfLost(known);
        protectAfterRebuild();
        for (ExportEntity row : rows) {
            ServedDiskFacts facts = ServedDiskFacts.of(row);
            if (row.state == ExportState.OPEN) {
                reopen(facts);
            } else {
                finishQuietly(facts);
            }
        }
        if (!lookedForUnknown) {
            disks.reportUnknown(known);
            lookedForUnknown = true;
        }
    }

    /** What others took over, or discarded, while this node was taken for dead. */
    private void letGoOfLost(Set<UUID> known) {
        for (OpenExport export : List.copyOf(open.values())) {
            if (!known.contains(export.id())) {
                LOG.warn("export {} is not this node's any more", export.facts().name());
                endpoint.remove(export.facts().name());
                letGo(export.facts());
            }
        }
    }

    /** A rebuild of the catalog ends every protection, whichever node does it. */
    private void protectAfterRebuild() {
        UUID newest = runs.newestEnded(RunKind.REBUILD).map(RunView::id).orElse(null);
        if (!Objects.equals(newest, lastRebuild)) {
            lastRebuild = newest;
            open.values().forEach(export -> {
                try {
                    disks.protectAgain(export.facts());
                } catch (StorageException | NightjarException e) {
                    LOG.warn("export {} is not protected: {}", export.facts().name(), e.getMessage());
                }
            });
        }
    }

    @PreDestroy
    synchronized void stop() {
        ended = true;
        endpoint.close();
        open.values().forEach(OpenExport::close);
        open.clear();
        disks.close();
    }

    private void serve(OpenExport export) {
        open.put(export.id(), export);
        endpoint.add(export);
        metrics.add(export);
    }

    private void reopen(ServedDiskFacts facts) {
        if (open.containsKey(facts.id())) {
            return;
        }
        try {
            serve(disks.reopen(facts));
            failures.remove(facts.id());
            LOG.info("serving {} again", facts.name());
        } catch (RuntimeException e) {
            letGo(facts);
            Failure failure = Failure.of(e);
            if (failures.put(facts.id(), failure) == null) {
                LOG.warn("export {} cannot be served: {} {}", facts.name(), failure.code(), failure.message(), e);
            }
        }
    }

    private synchronized void afterKeeping(OpenExport export, boolean kept) {
        ServedDiskFacts facts = export.facts();
        keeping.remove(facts.id());
        if (ended) {
            return;
        }
        if (kept) {
            store.move(facts, ExportState.CLOSING);
            finishQuietly(facts);
        } else {
            endpoint.add(export);
        }
    }

    private void undo(ServedDiskFacts facts, RuntimeException cause) {
        try {
            finish(facts);
        } catch (RuntimeException e) {
            // The row says OPENING: the next round tries again.
            cause.addSuppressed(e);
        }
    }

    private void finishQuietly(ServedDiskFacts facts) {
        try {
            finish(facts);
        } catch (RuntimeException e) {
            LOG.warn(
                    "export {} is not wholly removed yet: {}",
                    facts.name(),
                    Failure.of(e).message());
        }
    }

    private void finish(ServedDiskFacts facts) {
        endpoint.remove(facts.name());
        letGo(facts);
        disks.remove(facts);
        store.delete(facts.id());
        failures.remove(facts.id());
    }

    private void letGo(ServedDiskFacts facts) {
        OpenExport export = open.remove(facts.id());
        if (export != null) {
            metrics.remove(export);
            export.close();
        }
    }

    private ServedDiskFacts facts(UUID id) {
        return store.all().stream()
                .filter(row -> row.id.equals(id) && row.state == ExportState.OPEN)
                .findFirst()
                .map(ServedDiskFacts::of)
                .orElseThrow(() -> NightjarException.notFound("EXPORT_NOT_FOUND", "export", id));
    }

    private ExportView view(ServedDiskFacts facts) {
        @Nullable Failure failure = failures.get(facts.id());
        return views.of(facts, open.get(facts.id()), keeping.contains(facts.id()), failure);
    }

    private void requireIdle(ServedDiskFacts facts) {
        if (keeping.contains(facts.id())) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "EXPORT_BUSY",
                    "what was written to " + facts.name() + " is being made a recovery point",
                    "Wait until that run has ended, or cancel it.");
        }
    }

    private static NightjarException changed(ServedDiskFacts facts) {
        return new NightjarException(
                HttpStatus.CONFLICT,
                "EXPORT_HAS_CHANGES",
                facts.name() + " was written to, and closing it would lose that",
                "Keep it as a recovery point first, or say that it may be discarded.");
    }
}
