package dev.nightjar.service.run;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What other modules ask about runs. Thread-safe. */
@Component
public class RunHistory {

    private final RunStore store;

    RunHistory(RunStore store) {
        this.store = store;
    }

    /** The machine's newest backup run. */
    public Optional<RunView> latestBackup(UUID machineId) {
        return store.latestBackup(machineId);
    }

    /** Whether a run of the machine has not ended. */
    public boolean active(UUID machineId) {
        return store.active(machineId);
    }

    /** The runs of a kind that have not ended, on all nodes. */
    public List<RunView> active(RunKind kind) {
        return store.active(kind);
    }

    /** The newest run of a kind that has ended, on whatever node. */
    public Optional<RunView> newestEnded(RunKind kind) {
        return store.newestEnded(kind);
    }

    /** The newest scrub of a repository, or copy to it, that has ended, on whatever node. */
    public Optional<RunView> newestEnded(RunKind kind, String target) {
        return store.newestEnded(kind, target);
    }

    /** Which of these runs have ended, in whatever way, a minute ago or longer. */
    public Set<UUID> ended(Collection<UUID> ids) {
        return ids.isEmpty() ? Set.of() : store.ended(ids);
    }

    /** The copies and scrubs that have ended, in whatever way, since then and a minute ago or longer. */
    public Set<UUID> endedCopiesAndScrubs(Instant since) {
        return store.endedCopiesAndScrubs(since);
    }

    /** How many runs each node executes; nodes with none are missing. */
    public Map<UUID, Long> activeByNode() {
        return store.activeByNode();
    }

    /** The newest runs of all kinds, newest first. */
    public List<RunView> newest(int count) {
        return store.search(null, null, null, 0, count).getContent();
    }
}
