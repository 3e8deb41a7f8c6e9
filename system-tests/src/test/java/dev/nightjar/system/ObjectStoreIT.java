package dev.nightjar.system;

import static dev.nightjar.system.Site.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.GuestWrite;
import dev.nightjar.testkit.S3Proxy;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.WitnessDisk;
import dev.nightjar.testkit.appliance.ApiReply;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ObjectStoreIT {

    private static final Path STORE_JAR = Project.module("backup-service").resolve("target/peers/s3proxy.jar");

    @Test
    void points_in_a_bucket_restore_byte_for_byte_also_after_the_database_is_lost() throws Exception {
        try (Site site = new Site();
                S3Proxy store = S3Proxy.start(STORE_JAR, site.directory("store"))) {
            store.createBucket("backups");
            startAppliance(site, store);
            site.startMachine();
            LiveDisk disk = site.machine().addDisk("vda", site.makeDisk("vda", 16 * MIB));
            String machine = site.operator().protect("web-01", site.source(disk));
            WitnessDisk before = disk.witness(site.path("before.raw"));
            String full = Operator.pointId(site.operator().backUp(machine));
            disk.writer()
                    .apply(List.of(
                            new GuestWrite.Overwrite(5 * MIB, MIB, 7),
                            new GuestWrite.Discard(8 * MIB, 2 * MIB),
                            new GuestWrite.Overwrite(250 * MIB, MIB, 8)));
            WitnessDisk after = disk.witness(site.path("after.raw"));
            JsonNode run = site.operator().backUp(machine);
            assertThat(Operator.disk(run).path("mode").asString()).isEqualTo("INCREMENTAL");
            String increment = Operator.pointId(run);
            assertThat(site.appliance().data().resolve("repository")).doesNotExist();
            assertIdentical(site, full, before, "full.raw");
            assertIdentical(site, increment, after, "increment.raw");

            site.appliance().close();
            TempDirectory.deleteTree(site.appliance().data().resolve("postgres"));
            startAppliance(site, store);
            Operator operator = site.operator();
            assertThat(operator.points()).as("points of an empty catalog").isEmpty();
            JsonNode submitted = operator.api().post("/repository/rebuild").expectSuccess();
            operator.complete(submitted.required("id").asString());
            assertThat(operator.points())
                    .extracting(point -> point.path("id").asString())
                    .containsExactlyInAnyOrder(full, increment);
            assertIdentical(site, increment, after, "rebuilt.raw");

            store.process().kill();
            assertToldApart(operator, increment);
        }
    }

    /** What needs the store says that it does not answer; what the catalog knows is there. */
    private static void assertToldApart(Operator operator, String point) {
        ApiReply repositories = operator.api().get("/repositories");
        JsonNode repository = repositories.expectSuccess().required(0);
        assertThat(repository.path("state").asString()).isEqualTo("UNAVAILABLE");
        assertThat(repository.at("/error/code").asString()).isEqualTo("STORE_UNAVAILABLE");
        assertThat(repository.at("/error/hint").asString()).isNotBlank();
        assertThat(operator.points())
                .extracting(each -> each.path("id").asString())
                .contains(point);
    }

    private static void startAppliance(Site site, S3Proxy store) {
        site.startAppliance(
                "--nightjar.repository.s3=s3://backups/web?endpoint=" + store.uri(),
                "--nightjar.repository.access-key=" + S3Proxy.ACCESS_KEY,
                "--nightjar.repository.secret-key=" + S3Proxy.SECRET_KEY);
    }

    private static void assertIdentical(Site site, String point, WitnessDisk witness, String name) {
        Path target = site.appliance().data().resolve("restores").resolve(name);
        assertThat(witness.compare(site.operator().restore(point, target)).identical())
                .as(name)
                .isTrue();
    }
}
