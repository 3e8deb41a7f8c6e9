package dev.nightjar.service.repository;

import dev.nightjar.service.error.Failure;
import dev.nightjar.service.run.RunHistory;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.copy.CopyLeases;
import dev.nightjar.storage.repository.Repository;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Ends the leases that runs have left which ended, in whatever way: a run cannot end its own while the database is away. As long as such a lease is there, nothing is deleted that was condemned
 * since it began, and incomplete points stay.
 *
 * <p>A lease goes only if it is known which run had it, and that this run has ended. Those of exports stay, and of whoever else. Every node does this; what two of them do is done once. Thread-safe.
 */
@Component
class LeftLeases {

    private static final Logger LOG = LoggerFactory.getLogger(LeftLeases.class);

    /** By how much a node's clock, by which a run ends, may be behind the database's, by which a lease begins. */
    private static final Duration CLOCKS = Duration.ofDays(1);

    private final RepositoryProvider provider;
    private final RunHistory runs;
    private final Set<UUID> busy = ConcurrentHashMap.newKeySet();
    private final Map<UUID, Set<UUID>> left = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    LeftLeases(RepositoryProvider provider, RunHistory runs) {
        this.provider = provider;
        this.runs = runs;
    }

    // A repository whose store does not answer holds up nobody else.
    @Scheduled(initialDelay = 1, fixedRate = 1, timeUnit = TimeUnit.MINUTES)
    void endAll() {
        try {
            provider.all().forEach(id -> threads.execute(() -> endUnlessBusy(id)));
        } catch (RuntimeException e) {
            LOG.warn("nobody looks for leases that were left: {}", Failure.of(e).message());
        }
    }

    private void endUnlessBusy(UUID id) {
        if (busy.add(id)) {
            try {
                end(id);
            } catch (RuntimeException e) {
                LOG.warn(
                        "leases in repository {} that were left stay for now: {}",
                        id,
                        Failure.of(e).message());
            } finally {
                busy.remove(id);
            }
        }
    }

    /**
     * Ends those of one repository.
     *
     * @throws StorageException what keeps the repository from being used; the rest goes the next time
     */
    void end(UUID id) {
        Repository repository = provider.get(id);
        // One that has ended stays here until the points are gone that it kept.
        Set<UUID> ending = left.computeIfAbsent(id, _ -> ConcurrentHashMap.newKeySet());
        ending.addAll(find(repository));
        List.copyOf(ending).forEach(lease -> end(repository, lease, ending));
    }

    private static void end(Repository repository, UUID lease, Set<UUID> ending) {
        try {
            repository.endRun(lease);
            ending.remove(lease);
            LOG.warn("ended lease {} in {}, which a run had left", lease, repository.location());
        } catch (StorageException e) {
            LOG.warn(
                    "lease {} in {}, which a run had left, is not wholly ended: {}",
                    lease,
                    repository.location(),
                    e.getMessage());
        }
    }

    private Set<UUID> find(Repository repository) {
        Map<UUID, Instant> active = repository.activeLeases();
        Map<Boolean, Set<UUID>> leases =
                active.keySet().stream().collect(Collectors.partitioningBy(CopyLeases::mayBe, Collectors.toSet()));
        Set<UUID> found = new HashSet<>(runs.ended(leases.getOrDefault(false, Set.of())));
        Set<UUID> copies = leases.getOrDefault(true, Set.of());
        copies.stream().map(active::get).min(Instant::compareTo).ifPresent(oldest -> {
            Set<UUID> repositories = repository.repositoriesOfCatalog();
            runs.endedCopiesAndScrubs(oldest.minus(CLOCKS)).stream()
                    .flatMap(run -> CopyLeases.of(run, repositories).stream())
                    .filter(copies::contains)
                    .forEach(found::add);
        });
        return found;
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
