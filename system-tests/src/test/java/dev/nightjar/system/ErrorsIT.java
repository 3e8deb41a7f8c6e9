package dev.nightjar.system;

import static dev.nightjar.system.Site.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;
import dev.nightjar.testkit.appliance.ApiReply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each of these says what is wrong, under a stable code, with a hint, and leaves nothing half-made behind. */
class ErrorsIT {

    private static Site site;
    private static QemuNbd server;

    @BeforeAll
    static void start() {
        site = new Site();
        site.startAppliance();
        server = QemuNbd.serving(DiskRef.qcow2(site.makeDisk("exported", 16 * MIB)))
                .export("vda")
                .start(site.directory("nbd"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        site.close();
    }

    @Test
    void a_wrong_uri_makes_no_machine() {
        Map<String, Object> source = nbd("nbd:/nowhere:::", null);
        int machines = site.operator().machines().size();

        expectProblem(site.appliance().api().post("/machines/probe", source), "NBD_INVALID_URI");
        expectProblem(
                site.appliance().api().post("/machines", Map.of("name", "wrong-uri", "source", source)),
                "NBD_INVALID_URI");

        assertThat(site.operator().machines()).hasSize(machines);
    }

    @Test
    void an_export_that_does_not_exist_makes_no_point() {
        Map<String, Object> source = nbd(server.uri("vdz"), null);
        expectProblem(site.appliance().api().post("/machines/probe", source), "NBD_EXPORT_UNKNOWN");

        String machine = site.operator().protect("no-export", source);
        assertThat(site.operator().failToBackUp(machine).path("code").asString())
                .isEqualTo("NBD_EXPORT_UNKNOWN");
        assertThat(site.operator().points()).isEmpty();
    }

    @Test
    void a_bitmap_that_does_not_exist_makes_no_point() {
        Map<String, Object> source = nbd(server.uri(), "no-such-bitmap");
        expectProblem(site.appliance().api().post("/machines/probe", source), "NBD_CONTEXT_MISSING");

        String machine = site.operator().protect("no-bitmap", source);
        assertThat(site.operator().failToBackUp(machine).path("code").asString())
                .isEqualTo("NBD_CONTEXT_MISSING");
        assertThat(site.operator().points()).isEmpty();
    }

    @Test
    void a_policy_with_a_bad_schedule_is_not_made() {
        Map<String, Object> policy = Map.of(
                "name",
                "bad",
                "schedule",
                "61 25 * *",
                "timeZone",
                "Europe/Berlin",
                "keepLast",
                3,
                "machineIds",
                List.of(),
                "enabled",
                true);

        expectProblem(site.appliance().api().post("/policies", policy), "INVALID_SCHEDULE");
        expectProblem(
                site.appliance()
                        .api()
                        .post("/policies/preview", Map.of("schedule", "61 25 * *", "timeZone", "Europe/Berlin")),
                "INVALID_SCHEDULE");

        assertThat(site.operator().policies()).isEmpty();
    }

    @Test
    void a_repository_that_cannot_be_written_makes_no_point_and_leaves_the_machine_alone() throws Exception {
        try (Site other = new Site()) {
            // A file where a directory has to be: unlike permissions, this stops root too.
            Path file = Files.writeString(other.path("file"), "");
            other.startAppliance("--nightjar.repository.directory=" + file.resolve("repository"));
            other.startMachine();
            LiveDisk disk = other.machine().addDisk("vda", other.makeDisk("vda", 16 * MIB));
            String machine = other.operator().protect("web-01", other.source(disk));

            assertThat(other.operator().failToBackUp(machine).path("code").asString())
                    .isEqualTo("REPOSITORY_NOT_WRITABLE");

            expectProblem(other.appliance().api().get("/repository"), "REPOSITORY_NOT_WRITABLE");
            assertThat(other.appliance().api().isHealthy()).isTrue();
            CleanMachine.check(other.machine(), "vda", 0, other.directory("scratch"));
        }
    }

    private static Map<String, Object> nbd(String uri, String bitmap) {
        Map<String, Object> disk = new HashMap<>(Map.of("name", "vda", "uri", uri));
        if (bitmap != null) {
            disk.put("dirtyBitmap", bitmap);
        }
        return Map.of("type", "nbd", "disks", List.of(disk));
    }

    private static void expectProblem(ApiReply reply, String code) {
        assertThat(reply.status()).as(reply.toString()).isBetween(400, 599);
        assertThat(reply.code()).as(reply.toString()).isEqualTo(code);
        assertThat(reply.body().path("detail").asString(""))
                .as(reply.toString())
                .isNotBlank();
        assertThat(reply.body().path("hint").asString("")).as(reply.toString()).isNotBlank();
    }
}
