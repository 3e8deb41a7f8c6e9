package dev.nightjar.service.export;

import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.serve.ServeLimits;
import dev.nightjar.storage.serve.Serving;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What serves the points of each repository, with a cache of its own from the first export on. Thread-safe. */
final class Servings {

    private final ServeLimits limits;
    private final Map<UUID, Opened> opened = new HashMap<>();

    private record Opened(Repository repository, Serving serving) {}

    Servings(ServeLimits limits) {
        this.limits = limits;
    }

    synchronized Serving of(Repository repository) {
        UUID id = repository.config().repositoryId();
        Opened known = opened.get(id);
        if (known != null && known.repository == repository) {
            return known.serving;
        }
        if (known != null) {
            // It was locked and unlocked meanwhile, which takes that nothing is served.
            opened.remove(id);
            known.serving.close();
        }
        Serving serving = repository.serving(limits);
        opened.put(id, new Opened(repository, serving));
        return serving;
    }

    /** Memory that the caches take now. */
    synchronized long cachedBytes() {
        return opened.values().stream()
                .mapToLong(each -> each.serving.cachedBytes())
                .sum();
    }

    synchronized void close() {
        opened.values().forEach(each -> each.serving.close());
        opened.clear();
    }
}
