package dev.nightjar.demo;

import dev.nightjar.testkit.QemuImg;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What has to hold, and whether it does. Thread-confined. */
final class Checks {

    private final List<Report.Check> checks = new ArrayList<>();

    List<Report.Check> all() {
        return List.copyOf(checks);
    }

    /** A restored disk is the one the witness saw, and what lies on it is whole. */
    void restored(String name, QemuImg.Comparison comparison, boolean clean) {
        add(name + " identical", comparison.identical(), "qemu-img compare: " + comparison.detail());
        add(name + " ext4 clean", clean, "e2fsck -f -n of the restored disk");
    }

    /** The appliance and the machine's NBD server agreed on extended headers. */
    void negotiated(JsonNode probed) {
        add(
                "extended headers",
                probed.path("extendedHeaders").asBoolean(false),
                "negotiated with the machine's NBD server: "
                        + probed.path("replyMode").asString("unknown"));
    }

    /** The second backup read what changed and stored what is new, and no more. */
    void increment(Report.Backup backup) {
        add("incremental", "INCREMENTAL".equals(backup.mode()), "the second backup was " + backup.mode());
        add(
                "read what changed",
                backup.readBytes() > 0 && backup.readBytes() <= backup.qemuDirtyBytes(),
                "%s read, QEMU counts %s dirty in chunks of 64 KiB"
                        .formatted(Bytes.show(backup.readBytes()), Bytes.show(backup.qemuDirtyBytes())));
        add(
                "stored what is new",
                backup.deduplicatedBytes() > 0 && backup.newBytes() + backup.deduplicatedBytes() <= backup.readBytes(),
                "%s new, %s the repository had"
                        .formatted(Bytes.show(backup.newBytes()), Bytes.show(backup.deduplicatedBytes())));
    }

    private void add(String name, boolean good, String detail) {
        checks.add(new Report.Check(name, good, detail));
    }
}
