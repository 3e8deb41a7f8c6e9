package dev.nightjar.service.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunLauncher;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunRequest;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.service.testing.EventStream;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.service.testing.TwoNodes;
import dev.nightjar.service.testing.WithTwoNodes;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.ingest.DiskDescription;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.PointFacts;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

@Timeout(120)
@Tag("own-process")
@ExtendWith(WithTwoNodes.class)
class TwoNodesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TwoNodes nodes;
    private final Rest a;
    private final Rest b;

    TwoNodesIT(TwoNodes nodes) {
        this.nodes = nodes;
        a = nodes.restA();
        b = nodes.restB();
    }

    @Test
    void eachKnowsBothAndWhichItIs() {
        assertThat(list(a)).containsEntry("a", "ALIVE").containsEntry("b", "ALIVE");
        assertThat(list(b)).containsEntry("a", "ALIVE").containsEntry("b", "ALIVE");
        assertThat(self(a)).isEqualTo("a");
        assertThat(self(b)).isEqualTo("b");
    }

    @Test
    void aRunIsWatchedFromTheOtherNodeToItsEnd() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        RunView run = submitAtA(context -> {
            context.enter(RunPhase.READING);
            context.totals(4096);
            context.advance(1024);
            open(mayEnd);
        });
        try (EventStream events = b.events("/api/v1/runs/" + run.id() + "/events")) {
            JsonNode progress = events.await(
                            event -> event.data().path("bytesDone").asLong() == 1024)
                    .data();
            assertThat(progress.path("phase").asString()).isEqualTo("READING");
            assertThat(progress.path("node").asString()).isEqualTo("a");
            assertThat(seenFromB(run).path("bytesDone").asLong()).isEqualTo(1024);
            mayEnd.countDown();
            JsonNode done = events.await(event -> event.name().equals("done")).data();
            assertThat(done.path("state").asString()).isEqualTo("COMPLETE");
            assertThat(events.rest()).isEmpty();
        } finally {
            mayEnd.countDown();
        }
    }

    @Test
    void aRunIsCancelledFromTheOtherNode() {
        CountDownLatch begun = new CountDownLatch(1);
        RunView run = submitAtA(context -> {
            begun.countDown();
            await().atMost(PATIENCE).until(() -> {
                context.checkCancelled();
                return false;
            });
        });
        open(begun);
        b.post("/api/v1/runs/" + run.id() + "/cancel", "").expect(HttpStatus.OK);
        awaitState(run, "CANCELLED");
        b.post("/api/v1/runs/" + run.id() + "/cancel", "").expectProblem(HttpStatus.CONFLICT, "RUN_NOT_ACTIVE");
    }

    @Test
    void aNodeThatWasTakenForDeadCannotCommitAndGoesOnAsAnother() {
        UUID before = nodes.a(Node.class).id();
        UUID machine = UUID.randomUUID();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicReference<StorageErrorCode> refused = new AtomicReference<>();
        Repository repository = nodes.a(RepositoryProvider.class).get();
        RunView run = submitAtA(machine, context -> {
            // Unlike a node that is merely slow this one does not look whether it is still wanted.
            try (IngestSession session = repository.beginIngest(context.lease())) {
                session.disk(new DiskDescription(machine, "web-1", "vda", 65_536), null)
                        .data(0, ByteBuffer.allocate(65_536).put(0, (byte) 1));
                begun.countDown();
                open(interrupted);
                session.commit(new PointFacts(UUID.randomUUID(), Instant.now(), "CRASH", Map.of()));
            } catch (StorageException e) {
                refused.set(e.code());
                throw e;
            }
        });
        open(begun);

        takeForDead(before);
        awaitState(run, "INTERRUPTED");
        interrupted.countDown();

        await().atMost(PATIENCE).until(() -> refused.get() == StorageErrorCode.LEASE_LOST);
        await().atMost(PATIENCE).until(() -> !nodes.a(Node.class).id().equals(before));
        RunView next = submitAtA(machine, _ -> {});
        awaitState(next, "COMPLETE");
        assertThat(seenFromB(run).path("state").asString()).isEqualTo("INTERRUPTED");
        assertThat(a.get("/api/v1/runs/" + run.id())
                        .expect(HttpStatus.OK)
                        .path("state")
                        .asString())
                .isEqualTo("INTERRUPTED");
        assertThat(repository.points()).noneMatch(point -> point.machineId().equals(machine));
    }

    @Test
    void aRunThatEndsWellAfterItsNodeWasTakenForDeadStaysInterrupted() {
        UUID before = nodes.b(Node.class).id();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        RunView run = nodes.b(RunLauncher.class).submit(request(UUID.randomUUID(), context -> {
            begun.countDown();
            open(mayEnd);
        }));
        open(begun);
        takeForDead(before);
        awaitState(run, "INTERRUPTED");
        mayEnd.countDown();
        await().atMost(PATIENCE).until(() -> !nodes.b(RunLauncher.class).executes(run.id()));
        assertThat(seenFromB(run).path("state").asString()).isEqualTo("INTERRUPTED");
    }

    @Test
    void aNodeThatIsSilentForTheLimitIsTakenForDeadAndOneThatIsNotStays() {
        UUID silent = register("silent");
        UUID fresh = register("fresh");
        nodes.sql()
                .sql("UPDATE nightjar.node SET seen_at = now() - interval '1 hour' WHERE id = ?")
                .param(silent)
                .update();
        nodes.sql()
                .sql("UPDATE nightjar.node SET seen_at = now() + interval '1 hour' WHERE id = ?")
                .param(fresh)
                .update();
        await().atMost(PATIENCE).until(() -> "LOST".equals(list(b).get("silent")));
        assertThat(list(b)).containsEntry("fresh", "ALIVE");
        nodes.sql()
                .sql("DELETE FROM nightjar.node WHERE id IN (?, ?)")
                .params(silent, fresh)
                .update();
    }

    @Test
    void anExportBelongsToItsNodeUntilThatIsGone() {
        PointRecord point = TestPoints.take(
                        nodes.a(RepositoryProvider.class).get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst();
        JsonNode export = a.post("/api/v1/exports", "{\"pointId\": \"%s\"}".formatted(point.id()))
                .expect(HttpStatus.CREATED);
        String path = "/api/v1/exports/" + export.path("id").asString();
        assertThat(export.path("state").asString()).isEqualTo("OPEN");
        JsonNode fromB = b.get(path).expect(HttpStatus.OK);
        assertThat(fromB.path("state").asString()).isEqualTo("ELSEWHERE");
        assertThat(fromB.path("node").asString()).isEqualTo("a");
        assertThat(fromB.path("addresses").isEmpty()).isTrue();
        b.delete(path).expectProblem(HttpStatus.CONFLICT, "EXPORT_ELSEWHERE");
        b.post(path + "/take", "").expectProblem(HttpStatus.CONFLICT, "EXPORT_NOT_ORPHANED");
        a.delete(path).expect(HttpStatus.NO_CONTENT);
        b.get(path).expectProblem(HttpStatus.NOT_FOUND, "EXPORT_NOT_FOUND");
    }

    @Test
    void aNodeThatComesBackServesNoMoreWhatWasTakenOverFromIt() {
        PointRecord point = TestPoints.take(
                        nodes.a(RepositoryProvider.class).get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst();
        JsonNode export = a.post("/api/v1/exports", "{\"pointId\": \"%s\"}".formatted(point.id()))
                .expect(HttpStatus.CREATED);
        String name = export.path("name").asString();
        assertThat(a.text("/actuator/prometheus")).contains(name);
        nodes.sql()
                .sql("UPDATE nightjar.export SET home = ? WHERE name = ?")
                .params(nodes.b(Node.class).home(), name)
                .update();
        String path = "/api/v1/exports/" + export.path("id").asString();
        await().atMost(PATIENCE)
                .until(() -> b.get(path)
                        .expect(HttpStatus.OK)
                        .path("state")
                        .asString()
                        .equals("OPEN"));
        await().atMost(PATIENCE).until(() -> !a.text("/actuator/prometheus").contains(name));
        b.delete(path).expect(HttpStatus.NO_CONTENT);
    }

    @Test
    void aReadOnlyExportOfANodeThatIsGoneIsTakenOverAndAWritableOneIsNot() {
        String readOnly = orphan(false);
        String writable = orphan(true);
        assertThat(b.get(readOnly).expect(HttpStatus.OK).path("state").asString())
                .isEqualTo("ORPHANED");

        JsonNode taken = b.post(readOnly + "/take", "").expect(HttpStatus.OK);
        assertThat(taken.path("state").asString()).isEqualTo("OPEN");
        assertThat(taken.path("addresses").isEmpty()).isFalse();
        b.delete(readOnly).expect(HttpStatus.NO_CONTENT);

        b.post(writable + "/take", "").expectProblem(HttpStatus.CONFLICT, "EXPORT_WRITABLE");
        b.delete(writable).expectProblem(HttpStatus.CONFLICT, "EXPORT_ELSEWHERE");
        b.delete(writable + "?discard=true").expect(HttpStatus.NO_CONTENT);
    }

    @Test
    void spaceIsReclaimedByOneNodeAtATime() {
        UUID repository = nodes.a(RepositoryProvider.class).get().config().repositoryId();
        nodes.a(SoleWork.class).tryDo("reclaim " + repository, () -> {
            JsonNode run = b.post("/api/v1/repository/reclaim", "").expect(HttpStatus.ACCEPTED);
            JsonNode failed = awaitEnd(run.path("id").asString());
            assertThat(failed.path("error").path("code").asString()).isEqualTo("RECLAIM_BUSY");
            return run;
        });
        JsonNode run = b.post("/api/v1/repository/reclaim", "").expect(HttpStatus.ACCEPTED);
        assertThat(awaitEnd(run.path("id").asString()).path("state").asString()).isEqualTo("COMPLETE");
    }

    @ParameterizedTest
    @CsvSource({"SCRUB, SCRUB_ACTIVE", "COPY, COPY_RUNNING"})
    void whatIsDoneOnceAtATimeIsRefusedOnTheOtherNodeUntilItHasEnded(RunKind kind, String code) {
        CountDownLatch mayEnd = new CountDownLatch(1);
        RunView first = nodes.a(RunLauncher.class).submit(upkeep(kind, _ -> open(mayEnd)));
        RunLauncher b = nodes.b(RunLauncher.class);
        assertThatThrownBy(() -> b.submit(upkeep(kind, _ -> {})))
                .isInstanceOfSatisfying(
                        NightjarException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
        mayEnd.countDown();
        awaitState(first, "COMPLETE");
        awaitState(b.submit(upkeep(kind, _ -> {})), "COMPLETE");
    }

    @Test
    void aNodeThatIsPausedInATransactionDoesNotKeepItsLocksForEver() throws SQLException {
        try (Connection connection = nodes.a(DataSource.class).getConnection();
                Statement statement = connection.createStatement();
                ResultSet limit = statement.executeQuery("SHOW idle_in_transaction_session_timeout")) {
            assertThat(limit.next()).isTrue();
            assertThat(limit.getString(1)).isEqualTo("3min");
        }
    }

    /** An export of a node that nobody has heard of, as one is left behind whose machine burned down. */
    private String orphan(boolean writable) {
        PointRecord point = TestPoints.take(
                        nodes.a(RepositoryProvider.class).get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst();
        UUID id = UUID.randomUUID();
        nodes.sql()
                .sql("""
                        INSERT INTO nightjar.export (id, name, home, state, writable, overlay_limit_bytes, created_at, point_id,
                            machine_id, machine_name, disk_name, instant, size_bytes, root, chunk_count)
                        VALUES (:id, :name, gen_random_uuid(), 'OPEN', :writable, 1000000, now(), :point,
                            :machine, 'web-1', 'vda', now(), :size, :root, :chunks)""")
                .param("id", id)
                .param("name", "orphan-" + id)
                .param("writable", writable)
                .param("point", point.id())
                .param("machine", point.machineId())
                .param("size", point.sizeBytes())
                .param("root", point.root().node().toBytes())
                .param("chunks", point.root().chunkCount())
                .update();
        return "/api/v1/exports/" + id;
    }

    private UUID register(String name) {
        UUID id = UUID.randomUUID();
        nodes.a(NodeTable.class).begin(id, name, UUID.randomUUID());
        return id;
    }

    private void takeForDead(UUID node) {
        nodes.sql()
                .sql("UPDATE nightjar.node SET ended_at = now(), lost = true WHERE id = ?")
                .param(node)
                .update();
    }

    private RunView submitAtA(RunTask task) {
        return submitAtA(UUID.randomUUID(), task);
    }

    private RunView submitAtA(UUID machine, RunTask task) {
        return nodes.a(RunLauncher.class).submit(request(machine, task));
    }

    private static RunRequest request(UUID machine, RunTask task) {
        return new RunRequest(RunKind.BACKUP, RunTrigger.MANUAL, machine, "web-1", null, null, null, task);
    }

    private static RunRequest upkeep(RunKind kind, RunTask task) {
        return new RunRequest(kind, RunTrigger.MANUAL, null, null, null, null, "/copies", task);
    }

    private void awaitState(RunView run, String state) {
        await().atMost(PATIENCE)
                .until(() -> seenFromB(run).path("state").asString().equals(state));
    }

    private JsonNode awaitEnd(String run) {
        return await().atMost(PATIENCE)
                .until(() -> b.get("/api/v1/runs/" + run).expect(HttpStatus.OK), seen -> seen.has("finishedAt"));
    }

    private JsonNode seenFromB(RunView run) {
        return b.get("/api/v1/runs/" + run.id()).expect(HttpStatus.OK);
    }

    private static Map<String, String> list(Rest node) {
        return node.get("/api/v1/nodes")
                .expect(HttpStatus.OK)
                .valueStream()
                .collect(Collectors.toMap(
                        row -> row.path("name").asString(),
                        row -> row.path("state").asString()));
    }

    private static String self(Rest node) {
        return node.get("/api/v1/nodes")
                .expect(HttpStatus.OK)
                .valueStream()
                .filter(row -> row.path("self").asBoolean())
                .map(row -> row.path("name").asString())
                .findFirst()
                .orElseThrow();
    }

    private static void open(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
