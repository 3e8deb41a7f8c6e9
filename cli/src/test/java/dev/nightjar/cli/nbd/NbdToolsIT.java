package dev.nightjar.cli.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.cli.Terminal;
import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuIo;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What our tools say about a server is what nbdinfo says about it. */
class NbdToolsIT {

    private static final String DIRTY = "qemu:dirty-bitmap:late";

    private static TempDirectory directory;
    private static QemuNbd server;

    @BeforeAll
    static void serveADisk() {
        directory = TempDirectory.create();
        Path file = directory.resolve("disk.qcow2");
        DiskRef disk = DiskRef.qcow2(file);
        QemuImg.create(disk, (64 << 20) + 512 * 3);
        QemuIo.run(disk, "write -P 1 0 3M", "write -z 5M 1M", "write -P 2 40M 64k", "write -P 3 64M 1536");
        QemuImg.addBitmap(file, "late", 4096);
        QemuIo.run(disk, "write -P 4 2M 4k", "write -z -u 40M 64k", "discard 1M 128k", "write -P 5 64M 512");
        server = QemuNbd.serving(disk)
                .export("vda")
                .bitmap("late")
                .allocationDepth()
                .start(directory.path());
    }

    @AfterAll
    static void stop() {
        server.close();
        directory.close();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static JsonNode nbdinfo(String... arguments) {
        return json(Command.of(Tool.NBDINFO, arguments).run());
    }

    @Test
    void infoTellsWhatNbdinfoTells() {
        JsonNode ours = json(Terminal.succeed("nbd", "info", "--json", server.uri()));
        JsonNode theirs = nbdinfo("--json", server.uri());
        assertThat(ours.get("structured")).isEqualTo(theirs.get("structured"));
        assertThat(ours.get("extended").asBoolean()).isTrue();
        assertSameExport(ours.get("exports").get(0), theirs.get("exports").get(0));
    }

    private static void assertSameExport(JsonNode ours, JsonNode theirs) {
        List<String> compared = new ArrayList<>();
        for (var property : theirs.properties()) {
            // What is in the first blocks is guessed by a library of file types.
            if (!property.getKey().equals("content")) {
                assertThat(ours.get(property.getKey())).as(property.getKey()).isEqualTo(property.getValue());
                compared.add(property.getKey());
            }
        }
        assertThat(compared).hasSizeGreaterThan(15);
    }

    @Test
    void infoForPeopleNamesSizeModeAndContexts() {
        assertThat(Terminal.succeed("nbd", "info", server.uri()))
                .contains("export \"vda\"", "67110400", "extended (64-bit)", "    " + DIRTY, "is_read_only: true");
        assertThat(Terminal.succeed("nbd", "info", "--highest-mode", "simple", server.uri()))
                .contains("replies: simple");
    }

    @Test
    void listTellsWhatNbdinfoLists() {
        JsonNode theirs = nbdinfo("--list", "--json", server.uri());
        JsonNode ours = json(Terminal.succeed("nbd", "list", "--json", server.uri()));
        assertThat(ours.get("exports").findValuesAsString("export-name")).containsExactly("vda");
        assertThat(ours.get("exports").findValuesAsString("uri")).containsExactly(server.uri());
        JsonNode details = json(Terminal.succeed("nbd", "list", "--details", "--json", server.uri()));
        assertSameExport(details.get("exports").get(0), theirs.get("exports").get(0));
        assertThat(Terminal.succeed("nbd", "list", server.uri())).isEqualTo("\"vda\"\n");
    }

    @Test
    void aMapEqualsTheOneOfNbdinfoInEveryContext() {
        for (String context : List.of("base:allocation", DIRTY, "qemu:allocation-depth")) {
            JsonNode theirs = nbdinfo("--map=" + context, "--json", server.uri());
            assertThat(theirs.size()).isGreaterThan(2);
            for (String mode : List.of("extended", "structured")) {
                JsonNode ours = json(Terminal.succeed(
                        "nbd", "map", "--json", "--highest-mode", mode, "--context", context, server.uri()));
                assertThat(entries(ours, context)).isEqualTo(nbdinfoEntries(theirs));
            }
        }
    }

    @Test
    void aMapForPeopleHasNbdinfosColumns() {
        for (String context : List.of("base:allocation", DIRTY, "qemu:allocation-depth")) {
            String theirs =
                    Command.of(Tool.NBDINFO, "--map=" + context, server.uri()).run();
            String ours = Terminal.succeed("nbd", "map", "--context", context, server.uri());
            assertThat(words(ours)).isEqualTo(words(theirs));
        }
    }

    private static List<String> words(String text) {
        return text.lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
    }

    @Test
    void severalContextsAreCutWhereAnyOfThemChangesAndMergedWhereAllAgree() {
        JsonNode map = json(Terminal.succeed(
                "nbd", "map", "--json", "--context", "base:allocation", "--context", DIRTY, server.uri()));
        long end = 0;
        JsonNode before = null;
        for (JsonNode entry : map) {
            assertThat(entry.get("offset").asLong()).isEqualTo(end);
            assertThat(entry.get("contexts")).as("merged").isNotEqualTo(before);
            assertThat(entry.get("contexts").propertyNames()).containsExactly("base:allocation", DIRTY);
            before = entry.get("contexts");
            end += entry.get("length").asLong();
        }
        assertThat(end).isEqualTo((64 << 20) + 512 * 3);
        for (String context : List.of("base:allocation", DIRTY)) {
            assertThat(merged(entries(map, context)))
                    .isEqualTo(nbdinfoEntries(nbdinfo("--map=" + context, "--json", server.uri())));
        }
    }

    @Test
    void totalsAddUpToWhatNbdinfoAddsUp() {
        JsonNode theirs = nbdinfo("--map=" + DIRTY, "--totals", "--json", server.uri());
        JsonNode ours = json(Terminal.succeed("nbd", "map", "--totals", "--json", "--context", DIRTY, server.uri()));
        assertThat(ours.size()).isEqualTo(2);
        for (int i = 0; i < 2; i++) {
            assertThat(ours.get(i).get("length").asLong())
                    .isEqualTo(theirs.get(i).get("size").asLong());
            assertThat(ours.get(i).get("contexts").get(DIRTY).asLong())
                    .isEqualTo(theirs.get(i).get("type").asLong());
        }
        assertThat(Terminal.succeed("nbd", "map", "--totals", "--context", DIRTY, server.uri()))
                .contains("%", "clean", "dirty");
    }

    @Test
    void aContextThatDoesNotExistIsAnErrorAndNeverAnEmptyMap() {
        var outcome = Terminal.run("nbd", "map", "--context", "qemu:dirty-bitmap:gone", server.uri());
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).startsWith("CONTEXT_MISSING: ");
        assertThat(outcome.output()).isEmpty();
    }

    @Test
    void anExportThatDoesNotExistIsNamed() {
        var outcome = Terminal.run("nbd", "info", server.uri("vdz"));
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).startsWith("EXPORT_UNKNOWN: ").contains("vdz");
    }

    @Test
    void aServerOfTheOldestHandshakeIsStillDescribed() {
        try (Nbdkit old = Nbdkit.start(directory.path(), "--mask-handshake=0", "memory", "1M")) {
            JsonNode ours = json(Terminal.succeed("nbd", "info", "--json", old.uri()));
            assertThat(ours.get("structured").asBoolean()).isFalse();
            assertThat(ours.get("exports").get(0).get("export-size").asLong()).isEqualTo(1 << 20);
            assertThat(ours.get("exports").get(0).get("contexts")).isEmpty();
        }
    }

    @Test
    void anExportWithoutBytesHasAnEmptyMap() {
        try (Nbdkit empty = Nbdkit.start(directory.path(), "memory", "0")) {
            assertThat(json(Terminal.succeed("nbd", "map", "--json", empty.uri())))
                    .isEmpty();
            assertThat(Terminal.succeed("nbd", "map", empty.uri())).isEmpty();
            assertThat(json(Terminal.succeed("nbd", "map", "--totals", "--json", empty.uri())))
                    .isEmpty();
        }
    }

    private record Entry(long offset, long length, long status) {}

    private static List<Entry> entries(JsonNode ours, String context) {
        List<Entry> entries = new ArrayList<>();
        ours.forEach(each -> entries.add(new Entry(
                each.get("offset").asLong(),
                each.get("length").asLong(),
                each.get("contexts").get(context).asLong())));
        return entries;
    }

    private static List<Entry> nbdinfoEntries(JsonNode theirs) {
        List<Entry> entries = new ArrayList<>();
        theirs.forEach(each -> entries.add(new Entry(
                each.get("offset").asLong(),
                each.get("length").asLong(),
                each.get("type").asLong())));
        return merged(entries);
    }

    private static List<Entry> merged(List<Entry> entries) {
        List<Entry> merged = new ArrayList<>();
        for (Entry entry : entries) {
            if (!merged.isEmpty() && merged.getLast().status == entry.status) {
                Entry last = merged.removeLast();
                merged.add(new Entry(last.offset, last.length + entry.length, entry.status));
            } else {
                merged.add(entry);
            }
        }
        return merged;
    }
}
