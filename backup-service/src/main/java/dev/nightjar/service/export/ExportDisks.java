package dev.nightjar.service.export;

import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.server.export.ServedDiskException;
import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.export.disk.OverlaidPoint;
import dev.nightjar.service.export.disk.SinceContexts;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.overlay.Overlay;
import dev.nightjar.storage.overlay.OverlaySpec;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.serve.ServeLimits;
import dev.nightjar.storage.serve.ServedPoint;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Opens what exports consist of: points with a common cache, and overlays. Thread-safe. */
@Component
class ExportDisks {

    private static final Logger LOG = LoggerFactory.getLogger(ExportDisks.class);

    /** Most other points that an export can be compared with, the newest of the disk. */
    private static final int MOST_CONTEXTS = 64;

    private final RepositoryProvider repository;
    private final Path overlays;
    private final Servings servings;

    ExportDisks(RepositoryProvider repository, NightjarProperties properties) {
        this.repository = repository;
        this.overlays = properties.overlayDirectory();
        long cache = properties.nbd().cache().toBytes();
        this.servings = new Servings(ServeLimits.DEFAULT.withFrameBytes(Math.max(ServeLimits.MIN_FRAME_BYTES, cache)));
    }

    /**
     * Protects the point and makes the overlay, if one is wanted.
     *
     * @throws StorageException POINT_NOT_FOUND and others
     * @throws NightjarException OVERLAY_DIRECTORY_NOT_WRITABLE
     */
    OpenExport create(ServedDiskFacts facts) {
        Repository from = from(facts);
        from.protect(facts.id(), facts.pointId());
        ServedPoint point = servings.of(from).open(facts.content());
        if (!facts.writable()) {
            return new OpenExport(facts, point, null, since(facts));
        }
        prepareDirectory();
        Overlay overlay = Overlay.create(directory(facts.id()), spec(facts), OverlaidPoint.base(point));
        return new OpenExport(facts, point, overlay, since(facts));
    }

    /**
     * Opens again what was created before.
     *
     * @throws StorageException what keeps it from being opened
     */
    OpenExport reopen(ServedDiskFacts facts) {
        protectAgain(facts);
        ServedPoint point = servings.of(from(facts)).open(facts.content());
        Overlay overlay =
                facts.writable() ? Overlay.open(directory(facts.id()), spec(facts), OverlaidPoint.base(point)) : null;
        return new OpenExport(facts, point, overlay, since(facts));
    }

    /** Protects the point again, after a restart or a rebuild of the catalog. */
    void protectAgain(ServedDiskFacts facts) {
        from(facts).protectAgain(facts.id(), facts.pointId(), facts.content().root());
    }

    /**
     * Ends the protection and deletes the overlay. Can be repeated.
     *
     * @throws NightjarException OVERLAY_DIRECTORY_NOT_WRITABLE
     */
    void remove(ServedDiskFacts facts) {
        unprotect(facts);
        try {
            Overlay.delete(directory(facts.id()));
        } catch (IOException e) {
            throw notWritable(e);
        }
    }

    /** Ends the protection. Can be repeated. */
    void unprotect(ServedDiskFacts facts) {
        if (isInTheList(facts.repositoryId())) {
            from(facts).unprotect(facts.id());
        }
    }

    /** Names overlays that no export knows: a database that was lost or is from an old copy must not cost what was written. */
    void reportUnknown(Set<UUID> exports) {
        if (!Files.isDirectory(overlays)) {
            return;
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(overlays)) {
            for (Path directory : directories) {
                if (exports.stream().noneMatch(export -> directory(export).equals(directory))) {
                    LOG.warn("no export is known that {} belongs to; it stays until somebody deletes it", directory);
                }
            }
        } catch (IOException e) {
            LOG.warn("cannot look into {}: {}", overlays, e.getMessage());
        }
    }

    void close() {
        servings.close();
    }

    /** Memory that the caches take now. */
    long cachedBytes() {
        return servings.cachedBytes();
    }

    private Repository from(ServedDiskFacts facts) {
        return repository.getOrPrimary(facts.repositoryId());
    }

    // One that was taken from the list protects nothing for us any more that we could end.
    private boolean isInTheList(@Nullable UUID id) {
        return id == null || repository.all().contains(id);
    }

    private SinceContexts since(ServedDiskFacts facts) {
        List<UUID> others = from(facts).points().stream()
                .filter(point -> point.machineId().equals(facts.machineId())
                        && point.diskName().equals(facts.diskName())
                        && !point.id().equals(facts.pointId()))
                .sorted(Comparator.comparing(PointRecord::instant).reversed())
                .limit(MOST_CONTEXTS)
                .map(PointRecord::id)
                .toList();
        return new SinceContexts(others, point -> root(facts, point));
    }

    private MapRoot root(ServedDiskFacts facts, UUID point) {
        try {
            return from(facts).point(point).root();
        } catch (StorageException e) {
            throw new ServedDiskException(Errno.EIO, "point " + point + " is gone, nothing can be compared with it", e);
        }
    }

    private void prepareDirectory() {
        try {
            Files.createDirectories(
                    overlays, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw notWritable(e);
        }
        if (!Files.isWritable(overlays)) {
            throw notWritable(new IOException("permission denied"));
        }
    }

    private NightjarException notWritable(IOException e) {
        return new NightjarException(
                "OVERLAY_DIRECTORY_NOT_WRITABLE",
                "the directory for overlays " + overlays + " cannot be written: " + e.getMessage(),
                "Give the service's user the right to write there, or set nightjar.nbd.overlay-directory.",
                e);
    }

    private Path directory(UUID export) {
        return overlays.resolve(export.toString());
    }

    private static OverlaySpec spec(ServedDiskFacts facts) {
        return new OverlaySpec(facts.id(), facts.content().sizeBytes(), facts.overlayLimitBytes());
    }
}
