package dev.nightjar.service.node;

import dev.nightjar.service.config.NightjarProperties;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * This process among those that share the database. It says once a second that it lives, and takes others for dead that have not said so for the limit. Thread-safe.
 *
 * <p>Taking a living node for dead costs its runs and nothing else: they can commit nothing from then on, and it goes on under a new id. A node that was away itself,
 * paused or without the database, judges nobody until it has been there for the limit: after an outage of the database everybody is late.
 */
@Component
public class Node {

    /** How often a node says that it lives. */
    static final Duration BEAT = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final NodeTable table;
    private final String name;
    private final UUID home;
    private final Duration deadAfter;
    // A thread of its own: nothing that blocks others may make this node look dead.
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("node-heart").daemon().factory());
    private volatile UUID id = UUID.randomUUID();
    private long beatAt = System.nanoTime();
    private long thereSince = beatAt;
    private boolean failing;
    private @Nullable ScheduledFuture<?> beating;

    Node(NodeTable table, NodeProperties node, NightjarProperties properties) {
        this.table = table;
        this.name = node.nameOrHost();
        this.home = Home.of(properties.data());
        this.deadAfter = node.deadAfter();
    }

    @PostConstruct
    void begin() {
        table.begin(id, name, home);
        LOG.info("this is node {}, id {}", name, id);
        beating = heart.scheduleWithFixedDelay(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The process: fresh at every start, and once more when it was taken for dead. */
    public UUID id() {
        return id;
    }

    /** What people call it. */
    public String name() {
        return name;
    }

    /** Its data directory, which outlives the process. */
    public UUID home() {
        return home;
    }

    @PreDestroy
    void end() throws InterruptedException {
        if (beating != null) {
            beating.cancel(false);
        }
        heart.shutdown();
        heart.awaitTermination(BEAT.toSeconds(), TimeUnit.SECONDS);
        table.end(id);
    }

    private void beat() {
        try {
            live();
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("cannot say that this node lives, trying again: {}", e.getMessage());
            }
            failing = true;
        }
    }

    private void live() {
        if (!table.beat(id)) {
            UUID next = UUID.randomUUID();
            LOG.warn("this node was taken for dead; its runs are lost, and it goes on as {}", next);
            table.begin(next, name, home);
            id = next;
        }
        long now = System.nanoTime();
        if (now - beatAt > deadAfter.toNanos() / 2) {
            thereSince = now;
        }
        beatAt = now;
        if (now - thereSince >= deadAfter.toNanos()) {
            List<String> dead = table.endSilent(deadAfter);
            dead.forEach(silent -> LOG.warn("node {} was silent for {}, it is taken for dead", silent, deadAfter));
        }
    }
}
