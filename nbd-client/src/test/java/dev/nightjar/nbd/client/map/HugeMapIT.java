package dev.nightjar.nbd.client.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.StorageDaemon;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A million extents on 8 TiB, walked by a process that has 16 MiB of heap, with 64-bit lengths and without. */
class HugeMapIT {

    private static final long SIZE = 8L << 40;
    private static final int ISLANDS = 500_000;
    /** Far enough apart for all of them to fit, and not aligned to anything but sectors. */
    private static final long STEP = (16L << 20) + 37 * 512;

    private TempDirectory directory;

    @BeforeEach
    void makeRoom() {
        directory = TempDirectory.create();
    }

    @AfterEach
    void tidyUp() {
        directory.close();
    }

    @Test
    void aDirtyBitmapOfAMillionExtentsIsWalkedInBoundedMemory() {
        try (StorageDaemon machine = StorageDaemon.start(directory.path())) {
            machine.monitor()
                    .execute(
                            "blockdev-add",
                            Map.of("driver", "null-co", "node-name", "huge", "size", SIZE, "read-zeroes", true));
            machine.monitor()
                    .execute("block-dirty-bitmap-add", Map.of("node", "huge", "name", "b0", "granularity", 65536));
            export(machine, Map.of("writable", true));
            writeIslands(machine);
            machine.monitor().execute("block-export-del", Map.of("id", "huge"));
            machine.monitor().execute("block-dirty-bitmap-disable", Map.of("node", "huge", "name", "b0"));
            export(machine, Map.of("bitmaps", List.of("b0")));
            String uri = machine.nbdEndpoint().uri("huge");
            for (ReplyMode mode : List.of(ReplyMode.EXTENDED, ReplyMode.STRUCTURED)) {
                assertThat(walk(uri, "qemu:dirty-bitmap:b0", mode))
                        .isEqualTo("%d %d %d".formatted(2 * ISLANDS, ISLANDS * 65536L, SIZE));
            }
        }
    }

    private static void export(StorageDaemon machine, Map<String, Object> more) {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.putAll(Map.of("type", "nbd", "id", "huge", "node-name", "huge", "name", "huge"));
        machine.monitor().execute("block-export-add", arguments);
    }

    private static void writeIslands(StorageDaemon machine) {
        Command.of(
                        Tool.QEMU_IMG,
                        "bench",
                        "-w",
                        "-c",
                        "" + ISLANDS,
                        "-d",
                        "64",
                        "-s",
                        "512",
                        "-S",
                        "" + STEP,
                        "-f",
                        "raw",
                        machine.nbdEndpoint().uri("huge"))
                .run();
    }

    private static String walk(String uri, String context, ReplyMode mode) {
        List<String> program = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx16m",
                "-XX:MaxDirectMemorySize=48m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                CountingWalk.class.getName(),
                uri,
                context,
                mode.name());
        return new Command(program, Duration.ofMinutes(2)).run().strip();
    }
}
