package dev.nightjar.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** nbdinfo and nbdcopy as clients. */
class LibnbdIT {

    private static final int SIZE = 32 << 20;
    private static final JsonMapper JSON = JsonMapper.shared();

    private static MemoryDisk disk;
    private static MemoryDisk target;
    private static TestServer server;

    @BeforeAll
    static void serve() {
        disk = MemoryDisk.sample(SIZE, false);
        target = new MemoryDisk(SIZE, true);
        server = TestServer.serving(TestExport.of("disk", disk), TestExport.of("target", target));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String nbdinfo(String... arguments) {
        return Command.of(Tool.NBDINFO, arguments).run();
    }

    private static int exitCode(String... arguments) {
        return Command.of(Tool.NBDINFO, arguments).runToEnd().exitCode();
    }

    @Test
    void nbdinfoSeesAllThereIsToKnow() {
        JsonNode info = JSON.readTree(nbdinfo("--json", server.uri("disk")));
        assertThat(info.required("protocol").asString()).isEqualTo("newstyle-fixed");
        assertThat(info.required("TLS").asBoolean()).isFalse();
        assertThat(info.required("structured").asBoolean()).isTrue();
        JsonNode export = info.required("exports").get(0);
        assertThat(export.required("export-name").asString()).isEqualTo("disk");
        assertThat(export.required("export-size").asLong()).isEqualTo(SIZE);
        assertThat(export.required("description").asString()).isEqualTo("a disk of a test");
        assertThat(export.required("is_read_only").asBoolean()).isTrue();
        assertThat(export.required("can_multi_conn").asBoolean()).isTrue();
        assertThat(export.required("block_size_minimum").asLong()).isEqualTo(1);
        assertThat(export.required("block_size_preferred").asLong()).isEqualTo(65536);
        assertThat(export.required("block_size_maximum").asLong()).isEqualTo(32 << 20);
        assertThat(export.required("contexts").toString()).contains("base:allocation", MemoryDisk.DIRTY);
    }

    @Test
    void nbdinfoListsTheExports() {
        JsonNode info = JSON.readTree(nbdinfo("--list", "--json", server.tcpUri("")));
        assertThat(info.required("exports")
                        .valueStream()
                        .map(export -> export.required("export-name").asString()))
                .containsExactly("disk", "target");
    }

    @Test
    void nbdinfoAsksWhatItIsAndCan() {
        assertThat(nbdinfo("--size", server.uri("disk")).strip()).isEqualTo("" + SIZE);
        assertThat(exitCode("--is", "read-only", server.uri("disk"))).isZero();
        assertThat(exitCode("--is", "read-only", server.uri("target"))).isEqualTo(2);
        assertThat(exitCode("--can", "multi-conn", server.uri("disk"))).isZero();
        assertThat(exitCode("--can", "df", server.uri("disk"))).isZero();
        assertThat(exitCode("--can", "structured-reply", server.uri("disk"))).isZero();
        assertThat(exitCode("--can", "write", server.uri("disk"))).isEqualTo(2);
        assertThat(exitCode("--can", "trim", server.uri("target"))).isZero();
        assertThat(exitCode("--can", "zero", server.uri("target"))).isZero();
        assertThat(exitCode("--can", "fast-zero", server.uri("target"))).isZero();
        assertThat(exitCode("--can", "flush", server.uri("target"))).isZero();
        assertThat(exitCode("--can", "fua", server.uri("target"))).isZero();
        assertThat(exitCode("--can", "cache", server.uri("target"))).isEqualTo(2);
        assertThat(exitCode("--size", server.uri("nothing"))).isEqualTo(1);
    }

    @Test
    void nbdinfoMapsHolesAndDirtyRanges() {
        JsonNode map = JSON.readTree(nbdinfo("--map", "--json", server.uri("disk")));
        assertThat(map.valueStream()
                        .filter(extent -> extent.required("type").asInt() == 0)
                        .mapToLong(extent -> extent.required("length").asLong())
                        .sum())
                .isEqualTo(SIZE / 4);
        JsonNode dirty = JSON.readTree(nbdinfo("--map=" + MemoryDisk.DIRTY, "--json", server.uri("disk")));
        List<Long> offsets = dirty.valueStream()
                .filter(extent -> extent.required("type").asInt() == 1)
                .map(extent -> extent.required("offset").asLong())
                .toList();
        assertThat(offsets).hasSize(32).contains(32L << 10, (31L << 20) + (32 << 10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--no-extents",
                "--connections=4 --requests=64",
                "--connections=1 --requests=1 --request-size=4096",
                "--synchronous",
                "--allocated --request-size=33554432"
            })
    void nbdcopyCopiesEveryByte(String options) throws IOException {
        Path copy = server.directory().resolve("copy" + options.replace(" ", ""));
        List<String> arguments = new ArrayList<>(options.isEmpty() ? List.of() : List.of(options.split(" ")));
        arguments.addAll(List.of(server.uri("disk"), copy.toString()));
        Command.of(Tool.NBDCOPY, arguments).run();
        assertThat(Arrays.equals(Files.readAllBytes(copy), disk.content())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--connections=4", "--allocated", "--destination-is-zero", "--flush"})
    void nbdcopyWritesEveryByte(String options) {
        if (options.equals("--destination-is-zero")) {
            target.writeZeroes(0, SIZE, true);
        }
        Command.of(Tool.NBDCOPY, options, server.uri("disk"), server.tcpUri("target"))
                .run();
        assertThat(Arrays.equals(target.content(), disk.content())).isTrue();
    }
}
