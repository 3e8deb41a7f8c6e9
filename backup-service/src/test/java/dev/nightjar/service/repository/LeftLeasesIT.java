package dev.nightjar.service.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.service.run.RunRequest;
import dev.nightjar.service.run.RunState;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.SecondRepository;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.copy.CopyListener;
import dev.nightjar.storage.copy.PointCopy;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.PointFacts;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;

@Timeout(120)
@ServiceTest
class LeftLeasesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LeftLeases leases;
    private final RepositoryProvider provider;
    private final RunLauncher launcher;
    private final DataSource database;
    private final JdbcClient sql;
    private final Rest rest;
    private final UUID machine = UUID.randomUUID();
    private PointRecord point;

    LeftLeasesIT(
            LeftLeases leases,
            RepositoryProvider provider,
            RunLauncher launcher,
            DataSource database,
            JdbcClient sql,
            Rest rest) {
        this.leases = leases;
        this.provider = provider;
        this.launcher = launcher;
        this.database = database;
        this.sql = sql;
        this.rest = rest;
    }

    @BeforeEach
    void takePoint() {
        point = TestPoints.take(provider.get(), machine, Instant.now(), "vda").getFirst();
    }

    @Test
    void aRunThatFailedWhileTheDatabaseWasAwayLeavesNoLease() throws SQLException {
        RunView run;
        try (DepartingDatabase away = new DepartingDatabase(database)) {
            run = failed(RunKind.BACKUP, context -> {
                try (Repository repository = away.open(provider.get());
                        IngestSession session = repository.beginIngest(context.lease())) {
                    session.disk(new DiskDescription(machine, "web-1", "vda", point.sizeBytes()), point.id());
                    away.leave();
                    session.commit(new PointFacts(UUID.randomUUID(), Instant.now(), "CRASH", Map.of()));
                }
            });
        }
        assertThat(held(provider.primary())).contains(run.id());
        assertThat(protectedRoots(run.id())).isOne();

        endedLongAgo(run);
        leases.end(provider.primary());

        assertThat(held(provider.primary())).doesNotContain(run.id());
        assertThat(protectedRoots(run.id())).isZero();
    }

    @Test
    void aCopyThatFailedWhileTheDatabaseWasAwayLeavesNoLeaseInEitherRepository() throws SQLException {
        try (SecondRepository second = new SecondRepository(rest)) {
            RunView run;
            try (DepartingDatabase away = new DepartingDatabase(database)) {
                run = failed(RunKind.COPY, context -> {
                    try (Repository source = away.open(provider.get());
                            Repository target = away.open(provider.get(second.id()))) {
                        copy(source, target, context.runId(), _ -> away.leave());
                    }
                });
            }
            assertThat(held(provider.primary())).contains(run.id());
            assertThat(held(second.id())).hasSize(1);

            endedLongAgo(run);
            leases.end(provider.primary());
            leases.end(second.id());

            assertThat(held(provider.primary())).doesNotContain(run.id());
            assertThat(held(second.id())).isEmpty();
        }
    }

    @Test
    void leasesOfRunsThatGoOnAndOfExportsStay() {
        CountDownLatch copying = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        try (SecondRepository second = new SecondRepository(rest)) {
            UUID export = export();
            try {
                RunView before = ended(launcher.submit(request(RunKind.COPY, _ -> {})));
                endedLongAgo(before);
                RunView run = launcher.submit(request(
                        RunKind.COPY,
                        context -> copy(provider.get(), provider.get(second.id()), context.runId(), _ -> {
                            copying.countDown();
                            await(looked);
                        })));
                await(copying);

                leases.end(provider.primary());
                leases.end(second.id());

                assertThat(held(provider.primary())).contains(run.id(), export);
                assertThat(held(second.id())).hasSize(1);
                looked.countDown();
                assertThat(ended(run).state()).isEqualTo(RunState.COMPLETE);
                assertThat(held(second.id())).isEmpty();
            } finally {
                looked.countDown();
                rest.delete("/api/v1/exports/" + export).expect(HttpStatus.NO_CONTENT);
            }
        }
    }

    private UUID export() {
        return UUID.fromString(rest.post("/api/v1/exports", "{\"pointId\": \"%s\"}".formatted(point.id()))
                .expect(HttpStatus.CREATED)
                .path("id")
                .asString());
    }

    private void copy(Repository source, Repository target, UUID run, CopyListener listener) {
        new PointCopy(source, target).copy(run, List.of(point.id()), listener);
    }

    private RunView failed(RunKind kind, RunTask task) {
        RunView run = ended(launcher.submit(request(kind, task)));
        assertThat(run.state()).isEqualTo(RunState.FAILED);
        assertThat(run.error().code()).as("%s", run.error()).isEqualTo("CATALOG_UNAVAILABLE");
        return run;
    }

    private RunRequest request(RunKind kind, RunTask task) {
        String target = "somewhere " + UUID.randomUUID();
        return new RunRequest(kind, RunTrigger.MANUAL, machine, "web-1", null, null, target, task);
    }

    private RunView ended(RunView run) {
        Awaitility.await().atMost(PATIENCE).until(() -> !launcher.executes(run.id()));
        return launcher.find(run.id()).orElseThrow();
    }

    private void endedLongAgo(RunView run) {
        sql.sql("UPDATE nightjar.run SET finished_at = finished_at - interval '1 hour' WHERE id = ?")
                .param(run.id())
                .update();
    }

    private Iterable<UUID> held(UUID repository) {
        return provider.get(repository).activeLeases().keySet();
    }

    private long protectedRoots(UUID run) {
        return sql.sql("SELECT count(*) FROM catalog.protected_root WHERE run = ?")
                .param(run)
                .query(Long.class)
                .single();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
