package dev.nightjar.system;

import static dev.nightjar.system.Site.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.Await;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;
import dev.nightjar.testkit.WitnessDisk;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class KillIT {

    private static final long RANDOM_BYTES = 160 * MIB;

    @Test
    void a_kill_during_the_full_leaves_no_point_and_the_next_run_reuses_what_was_stored() throws Exception {
        try (Site site = new Site()) {
            site.startAppliance();
            site.startMachine();
            LiveDisk disk = site.machine().addSlowDisk("vda", site.makeDisk("vda", RANDOM_BYTES), 0);
            WitnessDisk witness = disk.witness(site.path("witness.raw"));
            String machine = site.operator().protect("web-01", site.source(disk));

            site.machine().readSpeed(disk, 48 * MIB);
            String killed = site.operator().startBackup(machine);
            boolean stored = Await.until(Duration.ofSeconds(60), Duration.ofMillis(50), () -> packs(site) >= 2);
            JsonNode atKill = site.appliance().api().run(killed);
            site.appliance().kill();
            assertThat(stored)
                    .as("two packs stored before the end of " + atKill)
                    .isTrue();
            assertThat(atKill.path("state").asString()).as("killed too late").isEqualTo("RUNNING");

            site.machine().readSpeed(disk, 0);
            site.startAppliance();
            Operator operator = site.operator();
            assertThat(operator.points()).isEmpty();
            assertThat(operator.api().run(killed).path("state").asString()).isEqualTo("INTERRUPTED");

            JsonNode next = operator.backUp(machine);
            JsonNode numbers = Operator.disk(next);
            assertThat(numbers.path("deduplicatedBytes").asLong())
                    .as("reused of what the killed run stored: " + numbers)
                    .isGreaterThanOrEqualTo(32 * MIB);
            assertThat(numbers.path("newBytes").asLong()).isLessThan(RANDOM_BYTES);
            assertThat(operator.points()).hasSize(1);
            CleanMachine.check(site.machine(), "vda", 1, site.directory("scratch"));

            Path target = site.appliance().data().resolve("restores/after-kill.raw");
            assertThat(witness.compare(operator.restore(Operator.pointId(next), target))
                            .identical())
                    .isTrue();
        }
    }

    private static long packs(Site site) {
        return site.appliance()
                .api()
                .get("/repository")
                .expectSuccess()
                .at("/contents/packs")
                .asLong();
    }
}
