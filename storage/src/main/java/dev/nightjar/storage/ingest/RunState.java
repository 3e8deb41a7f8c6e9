package dev.nightjar.storage.ingest;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.CatalogDatabase.Work;
import dev.nightjar.storage.catalog.ChunkKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the stages of one run's ingest share. Thread-safe.
 *
 * <p>The first failure of any stage is kept here. From then on every stage takes what comes and discards it, so that nobody
 * waits for ever, and whoever hands in more is told.
 */
final class RunState {

    private final Catalog catalog;
    private final RunLease lease;
    private final long generation;
    private final LeanedPacks leaned = new LeanedPacks();
    private final Set<ChunkKey> inFlight = ConcurrentHashMap.newKeySet();
    private final AtomicLong healed = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private RunState(Catalog catalog, RunLease lease, long generation) {
        this.catalog = catalog;
        this.lease = lease;
        this.generation = generation;
    }

    /** Takes the lease. */
    static RunState begin(Catalog catalog, RunLease lease) {
        return catalog.database().inTransaction(connection -> {
            OptionalLong generation = catalog.repositories().holdGeneration(connection);
            if (generation.isEmpty()) {
                throw new StorageException(
                        StorageErrorCode.CATALOG_NEEDS_REBUILD,
                        "The catalog does not know the repository",
                        "Rebuild the catalog from the repository.");
            }
            if (!catalog.leases().begin(connection, lease.runId(), lease.epoch())) {
                throw leaseLost(lease);
            }
            return new RunState(catalog, lease, generation.getAsLong());
        });
    }

    RunLease lease() {
        return lease;
    }

    LeanedPacks leaned() {
        return leaned;
    }

    /** Chunks that the run has found to be new and that no transaction has recorded yet. */
    Set<ChunkKey> inFlight() {
        return inFlight;
    }

    /** Counts chunks that were damaged, and that the run has stored anew. */
    void healed(long chunks) {
        healed.addAndGet(chunks);
    }

    long healedChunks() {
        return healed.get();
    }

    /** Runs a transaction that may write on behalf of the run. */
    <T> T write(Work<T> work) {
        return catalog.database().inTransaction(connection -> {
            requireStillOurs(connection);
            return work.on(connection);
        });
    }

    /** Ends the lease, and with it the protection of the parents. */
    void end() {
        catalog.database().transact(connection -> catalog.leases().end(connection, lease.runId(), lease.epoch()));
    }

    boolean failed() {
        return failure.get() != null;
    }

    @Nullable
    Throwable failure() {
        return failure.get();
    }

    void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /** Throws what broke the run, if anything did. */
    void requireHealthy() {
        Throwable cause = failure.get();
        if (cause instanceof StorageException e) {
            throw new StorageException(e.code(), String.valueOf(e.getMessage()), e.hint(), e);
        }
        if (cause != null) {
            throw new StorageException(
                    StorageErrorCode.INGEST_FAILED,
                    "The ingest broke off: " + cause,
                    "Run the backup again; if it happens again, report it with the log.",
                    cause);
        }
    }

    private void requireStillOurs(Connection connection) throws SQLException {
        OptionalLong now = catalog.repositories().holdGeneration(connection);
        if (now.isEmpty() || now.getAsLong() != generation) {
            throw new StorageException(
                    StorageErrorCode.LEASE_LOST,
                    "The catalog was rebuilt while run " + lease.runId() + " was writing",
                    "Run the backup again; nothing of this run was committed.");
        }
        if (!catalog.leases().hold(connection, lease.runId(), lease.epoch())) {
            throw leaseLost(lease);
        }
    }

    private static StorageException leaseLost(RunLease lease) {
        return new StorageException(
                StorageErrorCode.LEASE_LOST,
                "Run " + lease.runId() + " no longer holds its lease under epoch " + lease.epoch(),
                "Another node has taken the run over, or it was cancelled; nothing of it was committed here.");
    }
}
