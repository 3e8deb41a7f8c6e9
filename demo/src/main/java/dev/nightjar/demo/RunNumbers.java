package dev.nightjar.demo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads the numbers of a backup out of its run. */
final class RunNumbers {

    private RunNumbers() {}

    static Report.Backup read(String name, JsonNode run, long qemuDirty, Duration restore) {
        JsonNode disk = run.required("disks").required(0);
        Map<String, Long> phases = new LinkedHashMap<>();
        for (JsonNode phase : run.required("phases")) {
            phases.merge(
                    phase.required("phase").asString(), phase.required("millis").asLong(), Long::sum);
        }
        return new Report.Backup(
                name,
                run.required("id").asString(),
                run.required("pointIds").required(0).asString(),
                disk.required("mode").asString(),
                bytes(disk, "sizeBytes"),
                bytes(disk, "allocatedBytes"),
                bytes(disk, "dirtyBytes"),
                qemuDirty,
                bytes(disk, "readBytes"),
                bytes(disk, "zeroBytes"),
                bytes(disk, "newBytes"),
                bytes(disk, "deduplicatedBytes"),
                bytes(disk, "storedBytes"),
                phases,
                phases.values().stream().mapToLong(Long::longValue).sum(),
                restore.toMillis());
    }

    private static long bytes(JsonNode disk, String member) {
        return disk.required(member).asLong();
    }
}
