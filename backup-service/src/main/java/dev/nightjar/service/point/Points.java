package dev.nightjar.service.point;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.point.PointRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** The recovery points. Thread-safe. */
@Service
public class Points {

    private static final Logger LOG = LoggerFactory.getLogger(Points.class);
    private static final Comparator<PointRecord> NEWEST_FIRST =
            Comparator.comparing(PointRecord::instant).reversed().thenComparing(PointRecord::diskName);

    private final RepositoryProvider repository;
    private final ApplicationEventPublisher events;

    Points(RepositoryProvider repository, ApplicationEventPublisher events) {
        this.repository = repository;
        this.events = events;
    }

    /**
     * All of them, newest first.
     *
     * @throws StorageException while the repository cannot be opened
     */
    public List<PointRecord> all() {
        return repository.get().points().stream().sorted(NEWEST_FIRST).toList();
    }

    /** Those of a machine, newest first. */
    public List<PointRecord> of(UUID machineId) {
        return all().stream()
                .filter(point -> point.machineId().equals(machineId))
                .toList();
    }

    /** The newest point that was taken of a machine, not kept of an export; none either while the repository cannot be opened, which is said elsewhere. */
    public Optional<PointView> newest(UUID machineId) {
        try {
            return of(machineId).stream()
                    .filter(PointRecord::isCaptured)
                    .findFirst()
                    .map(point -> PointView.of(point, locks().get(point.id())));
        } catch (StorageException e) {
            LOG.debug("no points while the repository cannot be opened", e);
            return Optional.empty();
        }
    }

    /**
     * One of them.
     *
     * @throws StorageException POINT_NOT_FOUND
     */
    public PointRecord get(UUID id) {
        return repository.get().point(id);
    }

    /** One of them, as the API shows it. */
    PointView view(UUID id) {
        return PointView.of(get(id), locks().get(id));
    }

    /** Until when each point is locked, those that are not left out. */
    public Map<UUID, Instant> locks() {
        return repository.get().locks();
    }

    /**
     * Locks a point: nobody can delete it before a date. An earlier date than that of its lock changes nothing.
     *
     * @throws StorageException POINT_NOT_FOUND, REPOSITORY_LOCKED, INVALID_ARGUMENT if the date is over or far away
     */
    public void lock(UUID id, Instant until) {
        repository.get().lock(id, until);
    }

    /**
     * Deletes a point. Nothing depends on it: other points stay as they are.
     *
     * @throws StorageException POINT_NOT_FOUND, POINT_LOCKED
     */
    public void delete(UUID id) {
        events.publishEvent(new PointDeletion(repository.primary(), id));
        repository.get().deletePoint(id);
    }
}
