package dev.nightjar.system;

import static dev.nightjar.system.Site.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.GuestWrite;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;
import dev.nightjar.testkit.WitnessDisk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CycleIT {

    private static final long CHUNK = 65_536;

    @Test
    void full_and_increment_restore_byte_for_byte_and_the_increment_reads_what_changed() throws Exception {
        try (Site site = new Site()) {
            site.startAppliance();
            site.startMachine();
            LiveDisk disk = site.machine().addDisk("vda", site.makeDisk("vda", 32 * MIB));
            Operator operator = site.operator();
            String machine = operator.protect("web-01", site.source(disk));
            WitnessDisk before = disk.witness(site.path("before.raw"));

            JsonNode full = operator.backUp(machine);
            assertThat(Operator.disk(full).path("mode").asString()).isEqualTo("FULL");
            assertThat(Operator.disk(full).path("reason").path("code").asString())
                    .isEqualTo("NO_PARENT");
            CleanMachine.check(site.machine(), "vda", 1, site.directory("scratch"));

            // Two chunks, of which the second only in part; four that are given back; one that is zeroed; one that is a
            // copy.
            disk.writer()
                    .apply(List.of(
                            new GuestWrite.Overwrite(CHUNK, 2 * CHUNK - 4096, 99),
                            new GuestWrite.Discard(16 * CHUNK, 4 * CHUNK),
                            new GuestWrite.WriteZeroes(32 * CHUNK, CHUNK),
                            new GuestWrite.Fill(200 * MIB, CHUNK, 0x42)));
            WitnessDisk after = disk.witness(site.path("after.raw"));
            JsonNode increment = operator.backUp(machine);

            JsonNode numbers = Operator.disk(increment);
            assertThat(numbers.path("mode").asString()).as(numbers.toString()).isEqualTo("INCREMENTAL");
            assertThat(numbers.path("dirtyBytes").asLong()).isEqualTo(8 * CHUNK);
            assertThat(numbers.path("readBytes").asLong()).isBetween(3 * CHUNK, 4 * CHUNK);
            assertThat(numbers.path("newBytes").asLong()).isEqualTo(2 * CHUNK);
            assertThat(numbers.path("deduplicatedBytes").asLong()).isEqualTo(CHUNK);
            CleanMachine.check(site.machine(), "vda", 1, site.directory("scratch"));

            assertIdentical(site, Operator.pointId(full), before, "full.raw");
            assertIdentical(site, Operator.pointId(increment), after, "increment.raw");
            assertDownloadIdentical(site, Operator.pointId(increment), after);
        }
    }

    private static void assertIdentical(Site site, String pointId, WitnessDisk witness, String name) {
        Path target = site.appliance().data().resolve("restores").resolve(name);
        DiskRef restored = site.operator().restore(pointId, target);
        assertThat(witness.compare(restored).identical()).as(name).isTrue();
    }

    private static void assertDownloadIdentical(Site site, String pointId, WitnessDisk witness) {
        Path downloaded = site.path("downloaded.raw");
        site.appliance().api().download("/points/" + pointId + "/content", downloaded);
        assertThat(witness.compare(DiskRef.raw(downloaded)).identical()).isTrue();
    }
}
