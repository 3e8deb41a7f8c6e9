package dev.nightjar.service.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** All processes that share the database, as far as anybody wants to know of them. Thread-safe. */
@Component
public class Nodes {

    private static final Duration LOST_ARE_SHOWN = Duration.ofDays(30);

    private final NodeTable table;

    Nodes(NodeTable table) {
        this.table = table;
    }

    /** Those that live, and those that were taken for dead and have not come back, oldest first. */
    public List<NodeRow> all() {
        Instant since = Instant.now().minus(LOST_ARE_SHOWN);
        return table.all().stream()
                .filter(node -> node.alive() || (node.lost() && node.seenAt().isAfter(since)))
                .toList();
    }

    /** The process on a data directory, or the one that was there last; empty if that is long ago. */
    public Optional<NodeRow> at(UUID home) {
        return table.all().stream().filter(node -> node.home().equals(home)).findFirst();
    }
}
