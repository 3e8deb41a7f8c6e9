package dev.nightjar.system;

import static dev.nightjar.system.Site.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.Await;
import dev.nightjar.testkit.Ext4Image;
import dev.nightjar.testkit.StorageDaemon.LiveDisk;
import dev.nightjar.testkit.TinyGuest;
import dev.nightjar.testkit.appliance.ApplianceApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A guest in QEMU boots with a recovery point as its disk, as somebody would who pastes what the export says. */
class GuestIT {

    @Test
    void what_a_guest_writes_to_a_point_survives_a_kill_of_the_appliance_and_becomes_a_point() throws Exception {
        try (Site site = new Site()) {
            site.startAppliance();
            site.startMachine();
            Files.writeString(site.directory("content").resolve("hello.txt"), "put there before the backup\n");
            Path image = site.path("vda.qcow2");
            Ext4Image.create(image, 64 * MIB, site.directory("content"));
            LiveDisk disk = site.machine().addDisk("vda", image);
            Operator operator = site.operator();
            String machine = operator.protect("web-01", site.source(disk));
            String point = Operator.pointId(operator.backUp(machine));

            String export = operator.api()
                    .post("/exports", Map.of("pointId", point, "writable", true))
                    .expectSuccess()
                    .required("id")
                    .asString();
            TinyGuest guest = new TinyGuest(site.directory("guest"));
            String said = guest.run(
                    pasted(get(operator.api(), export)), "cat hello.txt; echo written by the guest > guest.txt");
            assertThat(said).contains("put there before the backup");

            site.appliance().kill();
            site.startAppliance();
            Operator again = site.operator();
            assertThat(Await.until(Duration.ofSeconds(60), () -> isOpen(again.api(), export)))
                    .as("open again: " + get(again.api(), export))
                    .isTrue();
            String saidAgain =
                    guest.run(pasted(get(again.api(), export)), "cat guest.txt; echo and again >> guest.txt");
            assertThat(saidAgain).contains("written by the guest");

            JsonNode kept = again.complete(again.api()
                    .post("/exports/" + export + "/keep")
                    .expectSuccess()
                    .required("id")
                    .asString());
            assertThat(Operator.disk(kept).path("mode").asString()).isEqualTo("INCREMENTAL");
            assertThat(Operator.disk(kept).path("readBytes").asLong()).isLessThan(8 * MIB);
            assertThat(text(site, Operator.pointId(kept), "kept.raw", "/guest.txt"))
                    .isEqualTo("written by the guest\nand again\n");
            assertThat(text(site, point, "before.raw", "/guest.txt"))
                    .as("the point itself")
                    .isEmpty();

            // The machine's own history goes on from its own point.
            JsonNode next = again.backUp(machine);
            assertThat(Operator.disk(next).path("mode").asString())
                    .as("%s", next)
                    .isEqualTo("INCREMENTAL");
            assertThat(again.api()
                            .get("/points/" + Operator.pointId(next))
                            .expectSuccess()
                            .path("parentId")
                            .asString())
                    .isEqualTo(point);
        }
    }

    /** QEMU's options from what is to be pasted. */
    private static List<String> pasted(JsonNode export) {
        JsonNode snippets = export.required("addresses").required(0).required("snippets");
        for (JsonNode snippet : snippets) {
            if (snippet.required("kind").asString().equals("QEMU_BLOCKDEV")) {
                return List.of(snippet.required("text")
                        .asString()
                        .replace("\\\n", " ")
                        .strip()
                        .split("\\s+", -1));
            }
        }
        throw new AssertionError("nothing to paste: " + export);
    }

    private static JsonNode get(ApplianceApi api, String export) {
        return api.get("/exports/" + export).expectSuccess();
    }

    private static boolean isOpen(ApplianceApi api, String export) {
        JsonNode seen = get(api, export);
        return seen.path("state").asString().equals("OPEN")
                && !seen.path("addresses").isEmpty();
    }

    private static String text(Site site, String point, String name, String path) {
        Path target = site.appliance().data().resolve("restores").resolve(name);
        site.operator().restore(point, target);
        assertThat(Ext4Image.isClean(target)).as("file system of " + name).isTrue();
        return Ext4Image.text(target, path);
    }
}
