package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.catalog.WirePeer;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.RebuildProgress;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run's last commit failed, as far as the run knows, and while it looks what has become of it that is still being decided. */
@Timeout(120)
class CommitOutcomeIT {

    /** Transactions that make a point complete wait at their commit until this lock of the session can be had. */
    private static final String COMMITS_WAIT = """
            CREATE FUNCTION commits_wait() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER commits_wait AFTER UPDATE ON catalog.point DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN (NEW.state = 'COMPLETE') EXECUTE FUNCTION commits_wait();
            SELECT pg_advisory_lock(4711)""";

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final String url = CatalogServer.freshUrl();
    private final DataSource database = CatalogServer.pool(url);
    private final DiskModel disk = disk();
    private final CountDownLatch recordsGone = new CountDownLatch(1);

    @Test
    void aCommitThatIsStillUnderWayIsWaitedFor() throws Exception {
        Workbench.create(blobs, database).close();
        int port = URI.create(url.substring("jdbc:".length())).getPort();
        try (WirePeer wire = WirePeer.before(port)) {
            DataSource pool = CatalogServer.pool(url.replace(":" + port, ":" + wire.port()));
            hangUpAtTheCommit(wire, pool);
        }
    }

    private void hangUpAtTheCommit(WirePeer wire, DataSource pool) throws Exception {
        try (Connection holder = database.getConnection();
                Repository repository = open(pool, _ -> {})) {
            execute(holder, COMMITS_WAIT);
            CompletableFuture<List<PointRecord>> points = CompletableFuture.supplyAsync(() -> {
                try (IngestSession run = repository.beginIngest(Workbench.lease())) {
                    Workbench.feed(run.disk(Workbench.describe(disk, "vda"), null), disk, false);
                    return run.commit(Workbench.facts()).points();
                }
            });
            awaitWaiting(holder, "advisory");
            useSome(pool);
            wire.hangUp();
            awaitWaiting(holder, "transactionid");
            execute(holder, "SELECT pg_advisory_unlock(4711)");
            requireWhole(points.get().getFirst());
        }
    }

    @Test
    void aRebuildThatIsUnderWayIsWaitedFor() throws Exception {
        try (Repository quiet = Workbench.create(blobs, database)) {
            Catalog catalog = new Catalog(
                    CatalogDatabase.open(database),
                    RepositoryIdentity.open(blobs, new Unlock.Nothing())
                            .config()
                            .repositoryId());
            RunLease lease = Workbench.lease();
            AtomicBoolean fenced = new AtomicBoolean();
            CompletableFuture<?>[] rebuild = new CompletableFuture<?>[1];
            DataSource stepped = SteppedDatabase.of(
                    database,
                    at -> {
                        if (at.equals("after a transaction") && fenced.compareAndSet(true, false)) {
                            rebuild[0] = beginRebuild(quiet);
                        }
                    },
                    new Random(1));
            try (Repository repository = open(stepped, at -> {
                        if (at.startsWith("after put of points/")) {
                            catalog.database()
                                    .transact(connection -> catalog.leases().fence(connection, lease.runId()));
                            fenced.set(true);
                        }
                    });
                    IngestSession run = repository.beginIngest(lease)) {
                Workbench.feed(run.disk(Workbench.describe(disk, "vda"), null), disk, false);
                // The rebuild found its record, and has taken it for the point that it is.
                requireWhole(run.commit(Workbench.facts()).points().getFirst());
            }
            rebuild[0].get();
        }
    }

    private Repository open(DataSource way, Consumer<String> borders) {
        BlobStore store = new SteppedStore(blobs, at -> {
            if (at.startsWith("after delete of points/")) {
                recordsGone.countDown();
            }
            borders.accept(at);
        });
        return Repository.open(store, new Unlock.Nothing(), way);
    }

    /** Returns once the rebuild has read the records; it goes on when they are deleted, or when that has not happened for a second. */
    private CompletableFuture<?> beginRebuild(Repository quiet) {
        CountDownLatch read = new CountDownLatch(1);
        CompletableFuture<?> rebuild = CompletableFuture.runAsync(() -> quiet.rebuild(progress -> {
            if (progress.phase() == RebuildProgress.Phase.POINTS) {
                read.countDown();
                await(recordsGone, 1);
            }
        }));
        assertThat(await(read, 30)).isTrue();
        return rebuild;
    }

    /** The pool does not ask connections whether they live that were used within the last half second. */
    private static void useSome(DataSource pool) throws SQLException {
        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection();
                Connection third = pool.getConnection()) {
            execute(first, "SELECT 1");
            execute(second, "SELECT 1");
            execute(third, "SELECT 1");
        }
    }

    /** Until somebody waits for a lock of this kind, or the records are gone. */
    private void awaitWaiting(Connection connection, String kind) throws SQLException {
        boolean waiting;
        do {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = ?")) {
                statement.setString(1, kind);
                try (ResultSet rows = statement.executeQuery()) {
                    waiting = rows.next();
                }
            }
        } while (!waiting && !await(recordsGone, 0));
    }

    private void requireWhole(PointRecord point) {
        try (Repository fresh = Repository.open(blobs, new Unlock.Nothing(), database)) {
            assertThat(fresh.points()).extracting(PointRecord::id).containsExactly(point.id());
            assertThat(Workbench.restore(fresh, point.id())).isEqualTo(disk.bytes);
            fresh.rebuild(_ -> {});
            assertThat(fresh.points()).extracting(PointRecord::id).containsExactly(point.id());
        }
    }

    private static boolean await(CountDownLatch latch, int seconds) {
        try {
            return latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static DiskModel disk() {
        DiskModel disk = new DiskModel(8 * Workbench.CHUNK, Workbench.CHUNK);
        byte[] noise = new byte[disk.bytes.length];
        new Random(3).nextBytes(noise);
        disk.write(0, noise);
        return disk;
    }
}
