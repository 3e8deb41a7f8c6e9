package dev.nightjar.demo;

import dev.nightjar.testkit.StorageDaemon;

/** What QEMU itself counts as changed since the last point. */
final class QemuDirty {

    private QemuDirty() {}

    /** Bytes that the appliance's checkpoint on this node has recorded, in chunks of the bitmap's granularity; 0 if there is none. */
    static long bytes(StorageDaemon machine, String node) {
        return machine.bitmaps(node).stream()
                .filter(bitmap -> bitmap.path("name").asString("").startsWith("nightjar-"))
                .mapToLong(bitmap -> bitmap.path("count").asLong())
                .max()
                .orElse(0);
    }
}
