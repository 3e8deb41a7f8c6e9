package dev.nightjar.service.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.testing.EventStream;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

@ServiceTest
class RunsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RunLauncher launcher;
    private final RunStore store;
    private final InterruptedRuns interruptedRuns;
    private final ApplicationEventMulticaster events;
    private final Rest rest;
    private final JdbcClient jdbc;
    private final PlatformTransactionManager transactions;

    RunsIT(
            RunLauncher launcher,
            RunStore store,
            InterruptedRuns interruptedRuns,
            ApplicationEventMulticaster events,
            Rest rest,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.events = events;
        this.launcher = launcher;
        this.store = store;
        this.interruptedRuns = interruptedRuns;
        this.rest = rest;
    }

    @Test
    void aRunIsWatchedLiveToItsEnd() throws Exception {
        UUID point = UUID.randomUUID();
        try (ScriptedTask task = new ScriptedTask()) {
            RunView run = launcher.submit(backup(UUID.randomUUID(), task));
            try (EventStream events = rest.events("/api/v1/runs/" + run.id() + "/events")) {
                assertThat(events.status()).isEqualTo(200);
                assertThat(events.contentType()).startsWith("text/event-stream");
                task.then(context -> {
                    context.enter(RunPhase.READING);
                    context.totals(4096);
                    context.advance(1024);
                });
                JsonNode reading = events.await(
                                event -> event.data().path("phase").asString().equals("READING"))
                        .data();
                assertThat(reading.path("id").asString()).isEqualTo(run.id().toString());
                assertThat(reading.path("state").asString()).isEqualTo("RUNNING");

                task.then(context -> context.advance(2048));
                EventStream.Event progress =
                        events.await(event -> event.data().path("bytesDone").asLong() == 3072);
                assertThat(progress.name()).isEqualTo("progress");
                assertThat(progress.data().path("bytesTotal").asLong()).isEqualTo(4096);

                task.then(context -> {
                    context.disk(disk("vda", point));
                    context.points(List.of(point));
                    context.advance(1024);
                });
                task.end();
                JsonNode done =
                        events.await(event -> event.name().equals("done")).data();
                assertThat(done.path("state").asString()).isEqualTo("COMPLETE");
                assertThat(done.path("phase").asString()).isEqualTo("DONE");
                assertThat(done.path("bytesDone").asLong()).isEqualTo(4096);
                assertThat(done.path("pointIds").path(0).asString()).isEqualTo(point.toString());
                assertThat(done.path("disks").path(0).path("name").asString()).isEqualTo("vda");
                assertThat(events.rest()).isEmpty();
                assertThat(rest.get("/api/v1/runs/" + run.id()).expect(HttpStatus.OK))
                        .isEqualTo(done);
            }
        }
    }

    /** The database takes its time with the claim, because another transaction is about to claim the same machine, and then does not. */
    @Test
    void aRunThatIsStillBeingClaimedIsNotTakenForLost() throws Exception {
        UUID machine = UUID.randomUUID();
        RunView before = ended(launcher.submit(backup(machine, _ -> {})));
        CompletableFuture<RunView> submitted = new CompletableFuture<>();
        new TransactionTemplate(transactions).executeWithoutResult(transaction -> {
            jdbc.sql("""
                            INSERT INTO nightjar.run
                            SELECT (jsonb_populate_record(run, jsonb_build_object(
                                'id', gen_random_uuid(), 'state', 'RUNNING', 'finished_at', null))).*
                            FROM nightjar.run WHERE id = :id""").param("id", before.id()).update();
            Thread.startVirtualThread(() -> submitted.completeAsync(
                    () -> launcher.submit(backup(machine, RunContext::checkCancelled)), Runnable::run));
            Awaitility.await().atMost(PATIENCE).until(() -> claims(machine) == 1);
            launcher.keepProgress();
            transaction.setRollbackOnly();
        });
        assertThat(ended(submitted.get(30, TimeUnit.SECONDS)).state()).isEqualTo(RunState.COMPLETE);
    }

    private static void awaitAnswer(CountDownLatch storeAnswers) {
        try {
            storeAnswers.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long claims(UUID machine) {
        return launcher.running().stream()
                .filter(run -> machine.equals(run.machineId()))
                .count();
    }

    @Test
    void whoWatchesAnEndedRunIsToldSoAtOnce() throws Exception {
        RunView run = ended(launcher.submit(backup(UUID.randomUUID(), _ -> {})));
        try (EventStream events = rest.events("/api/v1/runs/" + run.id() + "/events")) {
            assertThat(events.rest()).singleElement().satisfies(event -> {
                assertThat(event.name()).isEqualTo("done");
                assertThat(event.data().path("state").asString()).isEqualTo("COMPLETE");
            });
        }
    }

    @Test
    void whoWatchesAllRunsSeesThoseThatBeginLater() throws Exception {
        try (EventStream events = rest.events("/api/v1/runs/events");
                ScriptedTask task = new ScriptedTask()) {
            RunView run = launcher.submit(backup(UUID.randomUUID(), task));
            events.await(event -> isOf(run, event) && event.name().equals("state"));
            task.end();
            events.await(event -> isOf(run, event) && event.name().equals("done"));
        }
    }

    @Test
    void aWatcherWhoLeavesDisturbsNobody() throws Exception {
        try (ScriptedTask task = new ScriptedTask()) {
            RunView run = launcher.submit(backup(UUID.randomUUID(), task));
            String path = "/api/v1/runs/" + run.id() + "/events";
            try (EventStream stays = rest.events(path)) {
                try (EventStream leaves = rest.events(path)) {
                    leaves.await(event -> event.name().equals("state"));
                }
                for (int step = 1; step <= 10; step++) {
                    task.then(context -> context.advance(1));
                    int done = step;
                    stays.await(event -> event.data().path("bytesDone").asLong() == done);
                }
                task.end();
                stays.await(event -> event.name().equals("done"));
            }
        }
    }

    @Test
    void aCancelledRunEndsAtItsNextStep() throws Exception {
        try (ScriptedTask task = new ScriptedTask()) {
            RunView run = launcher.submit(backup(UUID.randomUUID(), task));
            task.awaitBegin();
            rest.post("/api/v1/runs/" + run.id() + "/cancel", "").expect(HttpStatus.OK);
            assertThat(ended(run).state()).isEqualTo(RunState.CANCELLED);
            rest.post("/api/v1/runs/" + run.id() + "/cancel", "").expectProblem(HttpStatus.CONFLICT, "RUN_NOT_ACTIVE");
        }
    }

    @Test
    void aFailureIsShownWithCodeAndHint() {
        RunView run = launcher.submit(backup(UUID.randomUUID(), _ -> {
            throw new StorageException(StorageErrorCode.REPOSITORY_FULL, "no space in /r", "Make room.");
        }));
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
        JsonNode error =
                rest.get("/api/v1/runs/" + run.id()).expect(HttpStatus.OK).path("error");
        assertThat(error.path("code").asString()).isEqualTo("REPOSITORY_FULL");
        assertThat(error.path("message").asString()).isEqualTo("no space in /r");
        assertThat(error.path("hint").asString()).isEqualTo("Make room.");
    }

    @Test
    void anUnexpectedExceptionFailsTheRunWithoutTellingItsInsides() {
        RunView run = launcher.submit(backup(UUID.randomUUID(), _ -> {
            throw new IllegalStateException("secret");
        }));
        RunView.RunError error = ended(run).error();
        assertThat(error).isNotNull();
        assertThat(error.code()).isEqualTo("INTERNAL_ERROR");
        assertThat(error.message()).doesNotContain("secret");
    }

    @Test
    void anErrorFailsTheRunToo() {
        RunView run = launcher.submit(backup(UUID.randomUUID(), _ -> {
            throw new NoClassDefFoundError("netty");
        }));
        assertThat(ended(run).state()).isEqualTo(RunState.FAILED);
    }

    @Test
    void aListenerThatFailsDoesNotChangeHowTheRunEnded() {
        UUID machine = UUID.randomUUID();
        ApplicationListener<PayloadApplicationEvent<RunEnded>> failing = event -> {
            if (machine.equals(event.getPayload().run().machineId())) {
                throw new IllegalStateException("a listener");
            }
        };
        events.addApplicationListener(failing);
        try {
            RunView run = ended(launcher.submit(backup(machine, _ -> {})));
            assertThat(run.state()).isEqualTo(RunState.COMPLETE);
            Awaitility.await().atMost(PATIENCE).until(() -> !launcher.executes(run.id()));
            assertThat(store.find(run.id()).orElseThrow().state()).isEqualTo(RunState.COMPLETE);
        } finally {
            events.removeApplicationListener(failing);
        }
    }

    @Test
    void aMachineHasOneActiveBackup() {
        UUID machine = UUID.randomUUID();
        try (ScriptedTask task = new ScriptedTask()) {
            RunView first = launcher.submit(backup(machine, task));
            assertRefused(backup(machine, _ -> {}), "MACHINE_BUSY");
            ended(launcher.submit(backup(UUID.randomUUID(), _ -> {})));
            ended(launcher.submit(request(RunKind.RESTORE, machine, null, null, _ -> {})));
            task.end();
            ended(first);
            assertThat(ended(launcher.submit(backup(machine, _ -> {}))).state()).isEqualTo(RunState.COMPLETE);
        }
    }

    @Test
    void aSlotIsRunOnceEvenAfterItHasEnded() {
        UUID machine = UUID.randomUUID();
        UUID policy = UUID.randomUUID();
        Instant slot = Instant.parse("2026-03-01T02:00:00Z");
        RunRequest scheduled = request(RunKind.BACKUP, machine, policy, slot, _ -> {});
        ended(launcher.submit(scheduled));
        assertRefused(scheduled, "SLOT_TAKEN");
        ended(launcher.submit(request(RunKind.BACKUP, UUID.randomUUID(), policy, slot, _ -> {})));
        ended(launcher.submit(request(RunKind.BACKUP, machine, policy, slot.plusSeconds(60), _ -> {})));
        ended(launcher.submit(request(RunKind.BACKUP, machine, UUID.randomUUID(), slot, _ -> {})));
    }

    @Test
    void manyClaimsOfOneSlotHaveOneWinner() throws Exception {
        RunRequest request = request(RunKind.BACKUP, UUID.randomUUID(), UUID.randomUUID(), Instant.EPOCH, _ -> {});
        AtomicInteger winners = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 12)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> {
                    try {
                        launcher.submit(request);
                        winners.incrementAndGet();
                    } catch (NightjarException refused) {
                        assertThat(refused.code()).isIn("SLOT_TAKEN", "MACHINE_BUSY");
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(winners).hasValue(1);
    }

    @Test
    void runsOfAKilledProcessBecomeInterruptedAndFreeTheirMachine() {
        UUID machine = UUID.randomUUID();
        RunView leftover = leftover(machine);
        store.claim(leftover, backup(machine, _ -> {}), UUID.randomUUID());
        assertRefused(backup(machine, _ -> {}), "MACHINE_BUSY");
        try (ScriptedTask task = new ScriptedTask()) {
            RunView mine = launcher.submit(backup(UUID.randomUUID(), task));

            interruptedRuns.start();

            JsonNode shown = rest.get("/api/v1/runs/" + leftover.id()).expect(HttpStatus.OK);
            assertThat(shown.path("state").asString()).isEqualTo("INTERRUPTED");
            assertThat(shown.path("error").path("code").asString()).isEqualTo("INTERRUPTED");
            assertThat(shown.has("finishedAt")).isTrue();
            assertThat(launcher.find(mine.id()).orElseThrow().state().active()).isTrue();
            assertThat(ended(launcher.submit(backup(machine, _ -> {}))).state()).isEqualTo(RunState.COMPLETE);
        }
    }

    /** As whoever hears of it and asks a store that does not answer. */
    @Test
    void whoeverTakesLongOverTheEndOfAKilledRunKeepsNeitherTheStartNorOtherEndsWaiting() throws Exception {
        List<RunView> leftovers = List.of(leftover(UUID.randomUUID()), leftover(UUID.randomUUID()));
        leftovers.forEach(
                run -> store.claim(run, backup(Objects.requireNonNull(run.machineId()), _ -> {}), UUID.randomUUID()));
        CountDownLatch told = new CountDownLatch(leftovers.size());
        CountDownLatch storeAnswers = new CountDownLatch(1);
        ApplicationListener<PayloadApplicationEvent<RunEnded>> slow = event -> {
            RunView ended = event.getPayload().run();
            if (leftovers.stream().anyMatch(run -> run.id().equals(ended.id()))) {
                told.countDown();
                awaitAnswer(storeAnswers);
            }
        };
        events.addApplicationListener(slow);
        try {
            CompletableFuture.runAsync(interruptedRuns::start).get(30, TimeUnit.SECONDS);
            assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            storeAnswers.countDown();
            events.removeApplicationListener(slow);
        }
    }

    @Test
    void theListIsFilteredAndPagedNewestFirst() {
        UUID machine = UUID.randomUUID();
        RunView first = ended(launcher.submit(backup(machine, _ -> {})));
        RunView second = ended(launcher.submit(backup(machine, _ -> {
            throw new IllegalStateException();
        })));
        RunView third = ended(launcher.submit(request(RunKind.RESTORE, machine, null, null, _ -> {})));
        String all = "/api/v1/runs?machineId=" + machine;
        assertThat(ids(all)).containsExactly(third.id(), second.id(), first.id());
        assertThat(ids(all + "&kind=BACKUP")).containsExactly(second.id(), first.id());
        assertThat(ids(all + "&state=FAILED")).containsExactly(second.id());
        assertThat(ids(all + "&page=1&size=2")).containsExactly(first.id());
        assertThat(rest.get(all + "&page=1&size=2")
                        .expect(HttpStatus.OK)
                        .path("total")
                        .asInt())
                .isEqualTo(3);
        assertThat(ids(all + "&page=7")).isEmpty();
        rest.get("/api/v1/runs?kind=NONSENSE").expectProblem(HttpStatus.BAD_REQUEST, "INVALID_REQUEST");
    }

    @Test
    void anUnknownRunIsNotFoundWhateverIsAsked() {
        String path = "/api/v1/runs/" + UUID.randomUUID();
        rest.get(path).expectProblem(HttpStatus.NOT_FOUND, "RUN_NOT_FOUND");
        rest.post(path + "/cancel", "").expectProblem(HttpStatus.NOT_FOUND, "RUN_NOT_FOUND");
        rest.get(path + "/events").expectProblem(HttpStatus.NOT_FOUND, "RUN_NOT_FOUND");
        rest.get("/api/v1/runs/not-an-id").expectProblem(HttpStatus.BAD_REQUEST, "INVALID_REQUEST");
    }

    private RunView ended(RunView run) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> store.find(run.id()).orElseThrow(),
                        view -> !view.state().active());
    }

    private List<UUID> ids(String path) {
        return rest.get(path)
                .expect(HttpStatus.OK)
                .path("items")
                .valueStream()
                .map(run -> UUID.fromString(run.path("id").asString()))
                .toList();
    }

    private void assertRefused(RunRequest request, String code) {
        assertThatExceptionOfType(NightjarException.class)
                .isThrownBy(() -> launcher.submit(request))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.status()).isEqualTo(HttpStatus.CONFLICT));
    }

    private static boolean isOf(RunView run, EventStream.Event event) {
        return event.data().path("id").asString().equals(run.id().toString());
    }

    private static RunRequest backup(UUID machine, RunTask task) {
        return request(RunKind.BACKUP, machine, null, null, task);
    }

    private static RunRequest request(
            RunKind kind, UUID machine, @Nullable UUID policy, @Nullable Instant slot, RunTask task) {
        RunTrigger trigger = slot == null ? RunTrigger.MANUAL : RunTrigger.SCHEDULE;
        return new RunRequest(kind, trigger, machine, "web-1", policy, slot, null, task);
    }

    private static RunDisk disk(String name, UUID point) {
        return new RunDisk(name, RunDisk.Mode.FULL, null, 4096, 4096, 4096, 4096, 0, 4096, 0, 4000, 0, point);
    }

    private static RunView leftover(UUID machine) {
        return new RunView(
                UUID.randomUUID(),
                RunKind.BACKUP,
                RunTrigger.MANUAL,
                RunState.RUNNING,
                RunPhase.READING,
                machine,
                "web-1",
                null,
                null,
                Instant.now(),
                Instant.now(),
                null,
                4096,
                1024,
                100,
                30L,
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of(),
                "elsewhere");
    }
}
