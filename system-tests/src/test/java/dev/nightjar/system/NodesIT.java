package dev.nightjar.system;

import static dev.nightjar.system.Site.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.Await;
import dev.nightjar.testkit.GuestWrite;
import dev.nightjar.testkit.WitnessDisk;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two nodes, each a process, on one PostgreSQL and one repository. */
class NodesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final long RANDOM_BYTES = 48 * MIB;
    private static final long SLOW = 4 * MIB;

    @Test
    void two_nodes_share_the_work_and_one_takes_over_when_the_other_is_gone() throws Exception {
        try (TwoNodes nodes = TwoNodes.start()) {
            String once = nodes.protectUnreachable("once-01");
            nodes.schedule("once", nodes.inSeconds(6), once);
            Protected web = nodes.protect("web-01", 1, RANDOM_BYTES);
            Protected db = nodes.protect("db-01", 1, RANDOM_BYTES);
            WitnessDisk webFull = web.disk().witness(nodes.path("web-full.raw"));

            String full = Operator.pointId(nodes.a().backUp(web.id()));
            JsonNode dbFull = backUpBoth(nodes, web, db);
            assertThat(Operator.disk(dbFull).path("deduplicatedBytes").asLong())
                    .as("what a stored, b does not store again: " + dbFull)
                    .isGreaterThanOrEqualTo(RANDOM_BYTES);
            assertThat(nodes.restoreAtB(webFull, full))
                    .as("what a stored, b restores")
                    .isTrue();

            assertThat(Await.until(
                            LIMIT, PAUSE, () -> !nodes.scheduled(once, "FAILED").isEmpty()))
                    .as("the slot is run")
                    .isTrue();

            aPausedNodeLosesItsRun(nodes, web);
            aKilledNodeIsReplaced(nodes, web, db);
            assertThat(nodes.scheduled(once, "FAILED"))
                    .as("runs of a slot that both nodes could have fired")
                    .hasSize(1);

            assertThat(nodes.restoreAtB(webFull, full))
                    .as("the first point, at the end")
                    .isTrue();
        }
    }

    /** An increment at a beside a full at b; returns the full. */
    private static JsonNode backUpBoth(TwoNodes nodes, Protected web, Protected db) {
        web.disk().writer().apply(List.of(new GuestWrite.Overwrite(3 * MIB, MIB, 77)));
        String increment = nodes.a().startBackup(web.id());
        String full = nodes.b().startBackup(db.id());
        nodes.a().complete(increment);
        return nodes.a().complete(full);
    }

    private static void aPausedNodeLosesItsRun(TwoNodes nodes, Protected web) {
        web.disk().writer().apply(List.of(new GuestWrite.Overwrite(32 * MIB, 32 * MIB, 79)));
        int points = nodes.b().points().size();
        web.machine().readSpeed(web.disk(), SLOW);
        String lost = nodes.a().startBackup(web.id());
        awaitReading(nodes.a(), lost);
        nodes.pauseA();
        awaitState(nodes.b(), lost, "INTERRUPTED");
        JsonNode reclaim = nodes.b().api().post("/repository/reclaim").expectSuccess();
        nodes.b().complete(reclaim.required("id").asString());
        web.machine().readSpeed(web.disk(), 0);
        nodes.resumeA();

        assertThat(Await.until(LIMIT, PAUSE, () -> nodes.logOfA().contains("run " + lost + " ended")))
                .as("the run that was lost ends at a")
                .isTrue();
        assertThat(nodes.a().api().run(lost).path("state").asString()).isEqualTo("INTERRUPTED");
        assertThat(nodes.b().points()).as("points after a run that was lost").hasSize(points);
        assertThat(nodes.a().backUp(web.id()).path("node").asString()).isEqualTo("a");
    }

    private static void aKilledNodeIsReplaced(TwoNodes nodes, Protected web, Protected db) {
        web.disk().writer().apply(List.of(new GuestWrite.Overwrite(32 * MIB, 32 * MIB, 80)));
        WitnessDisk witness = web.disk().witness(nodes.path("web-killed.raw"));
        nodes.schedule("often", "*/5 * * * * *", db.id());
        web.machine().readSpeed(web.disk(), SLOW);
        String killed = nodes.a().startBackup(web.id());
        awaitReading(nodes.a(), killed);
        nodes.killA();
        int before = nodes.scheduled(db.id(), "COMPLETE").size();
        web.machine().readSpeed(web.disk(), 0);

        awaitState(nodes.b(), killed, "INTERRUPTED");
        JsonNode next = nodes.b().backUp(web.id());
        assertThat(nodes.restoreAtB(witness, Operator.pointId(next))).isTrue();
        CleanMachine.check(web.machine(), web.disk().node(), 1, nodes.scratch("web-01"));
        assertThat(Await.until(
                        LIMIT, PAUSE, () -> nodes.scheduled(db.id(), "COMPLETE").size() > before))
                .as("slots go on at b")
                .isTrue();
    }

    private static void awaitReading(Operator observer, String run) {
        boolean reads = Await.until(LIMIT, PAUSE, () -> {
            JsonNode now = observer.api().run(run);
            return now.path("phase").asString().equals("READING")
                    && now.path("bytesDone").asLong() > 0;
        });
        assertThat(reads).as("reads: " + observer.api().run(run)).isTrue();
    }

    private static void awaitState(Operator observer, String run, String state) {
        boolean there = Await.until(
                LIMIT,
                PAUSE,
                () -> observer.api().run(run).path("state").asString().equals(state));
        assertThat(there).as(state + ": " + observer.api().run(run)).isTrue();
    }
}
