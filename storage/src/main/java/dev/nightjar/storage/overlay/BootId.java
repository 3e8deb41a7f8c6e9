package dev.nightjar.storage.overlay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whether the system was started anew, by which written but not synchronized data is lost. */
final class BootId {

    private static final Logger LOG = LoggerFactory.getLogger(BootId.class);
    private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    /** The id of this start of the system; one that never was before if the system does not tell. */
    static UUID current() {
        try {
            return UUID.fromString(Files.readString(FILE).strip());
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("the system does not tell when it was started; overlays fall back to their last flush", e);
            return UUID.randomUUID();
        }
    }
}
