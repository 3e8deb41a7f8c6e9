package dev.nightjar.system;

import static dev.nightjar.system.Site.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.GuestWrite;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.WitnessDisk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RebuildIT {

    @Test
    void both_points_come_back_after_the_database_is_lost() throws Exception {
        try (Site site = new Site()) {
            site.startAppliance();
            site.startMachine();
            LiveDisk disk = site.machine().addDisk("vda", site.makeDisk("vda", 32 * MIB));
            String machine = site.operator().protect("web-01", site.source(disk));
            WitnessDisk before = disk.witness(site.path("before.raw"));
            String full = Operator.pointId(site.operator().backUp(machine));
            disk.writer()
                    .apply(List.of(
                            new GuestWrite.Overwrite(5 * MIB, MIB, 7),
                            new GuestWrite.Discard(8 * MIB, 2 * MIB),
                            new GuestWrite.Overwrite(250 * MIB, MIB, 8)));
            WitnessDisk after = disk.witness(site.path("after.raw"));
            String increment = Operator.pointId(site.operator().backUp(machine));

            site.appliance().close();
            TempDirectory.deleteTree(site.appliance().data().resolve("postgres"));
            site.startAppliance();
            Operator operator = site.operator();
            assertThat(operator.points()).as("points of an empty catalog").isEmpty();

            JsonNode submitted = operator.api().post("/repository/rebuild").expectSuccess();
            operator.complete(submitted.required("id").asString());

            assertThat(operator.points())
                    .extracting(point -> point.path("id").asString())
                    .containsExactlyInAnyOrder(full, increment);
            assertThat(operator.points())
                    .extracting(point -> point.path("machineName").asString())
                    .containsOnly("web-01");
            Path restores = site.appliance().data().resolve("restores");
            assertThat(before.compare(operator.restore(full, restores.resolve("full.raw")))
                            .identical())
                    .isTrue();
            assertThat(after.compare(operator.restore(increment, restores.resolve("increment.raw")))
                            .identical())
                    .isTrue();
        }
    }
}
