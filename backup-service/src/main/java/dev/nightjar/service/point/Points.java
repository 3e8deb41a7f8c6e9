package dev.nightjar.service.point;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** The recovery points: those of the primary repository unless another one is named. Thread-safe. */
@Service
public class Points {

    private static final Logger LOG = LoggerFactory.getLogger(Points.class);
    private static final Comparator<PointRecord> NEWEST_FIRST =
            Comparator.comparing(PointRecord::instant).reversed().thenComparing(PointRecord::diskName);

    private final RepositoryProvider repositories;
    private final ApplicationEventPublisher events;

    Points(RepositoryProvider repositories, ApplicationEventPublisher events) {
        this.repositories = repositories;
        this.events = events;
    }

    /**
     * All of them, newest first.
     *
     * @throws StorageException while the repository cannot be opened
     */
    public List<PointRecord> all() {
        return newestFirst(repositories.get(), _ -> true);
    }

    /** Those of a machine, newest first. */
    public List<PointRecord> of(UUID machineId) {
        return newestFirst(repositories.get(), isOf(machineId));
    }

    /** The newest point that was taken of a machine, not kept of an export; none either while the repository cannot be opened, which is said elsewhere. */
    public Optional<PointView> newest(UUID machineId) {
        try {
            Repository repository = repositories.get();
            return newestFirst(repository, isOf(machineId)).stream()
                    .filter(PointRecord::isCaptured)
                    .findFirst()
                    .map(point -> view(repository, point, repository.locks()));
        } catch (StorageException e) {
            LOG.debug("no points while the repository cannot be opened", e);
            return Optional.empty();
        }
    }

    /**
     * Those of a repository, and of a machine if one is named, as the API shows them.
     *
     * @throws StorageException while the repository cannot be opened
     */
    List<PointView> views(@Nullable UUID repositoryId, @Nullable UUID machineId) {
        Repository repository = repositories.getOrPrimary(repositoryId);
        Map<UUID, Instant> locks = repository.locks();
        return newestFirst(repository, machineId == null ? _ -> true : isOf(machineId)).stream()
                .map(point -> view(repository, point, locks))
                .toList();
    }

    /**
     * One of them, as the API shows it.
     *
     * @throws StorageException POINT_NOT_FOUND
     */
    PointView view(@Nullable UUID repositoryId, UUID id) {
        Repository repository = repositories.getOrPrimary(repositoryId);
        return view(repository, repository.point(id), repository.locks());
    }

    /** Until when each point is locked, those that are not left out. */
    public Map<UUID, Instant> locks() {
        return repositories.get().locks();
    }

    /**
     * Locks a point: nobody can delete it before a date. An earlier date than that of its lock changes nothing.
     *
     * @param repositoryId where; null for the primary repository
     * @throws StorageException POINT_NOT_FOUND, REPOSITORY_LOCKED, INVALID_ARGUMENT if the date is over or far away
     */
    public void lock(@Nullable UUID repositoryId, UUID id, Instant until) {
        repositories.getOrPrimary(repositoryId).lock(id, until);
    }

    /**
     * Locks a point of the primary repository likewise, but returns at once: the upkeep has the store keep what the point needs, where it can.
     *
     * @throws StorageException POINT_NOT_FOUND, REPOSITORY_LOCKED, INVALID_ARGUMENT if the date is over or far away
     */
    public void lockUnkept(UUID id, Instant until) {
        repositories.get().lockUnkept(id, until);
    }

    /**
     * Deletes a point. Nothing depends on it: other points stay as they are.
     *
     * @param repositoryId where; null for the primary repository
     * @throws StorageException POINT_NOT_FOUND, POINT_LOCKED
     */
    public void delete(@Nullable UUID repositoryId, UUID id) {
        Repository repository = repositories.getOrPrimary(repositoryId);
        events.publishEvent(new PointDeletion(repository.config().repositoryId(), id));
        repository.deletePoint(id);
    }

    private static List<PointRecord> newestFirst(Repository repository, Predicate<PointRecord> wanted) {
        return repository.points().stream().filter(wanted).sorted(NEWEST_FIRST).toList();
    }

    private static Predicate<PointRecord> isOf(UUID machineId) {
        return point -> point.machineId().equals(machineId);
    }

    private static PointView view(Repository repository, PointRecord point, Map<UUID, Instant> locks) {
        return PointView.of(point, repository.config().repositoryId(), locks.get(point.id()));
    }
}
