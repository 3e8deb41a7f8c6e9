package dev.nightjar.storage.overlay;

import java.nio.ByteBuffer;

/** What is below an overlay. Thread-safe; its content never changes. */
@FunctionalInterface
public interface BaseDisk {

    /** Fills the buffer from position to limit with the disk's bytes from {@code offset} on. Failures are the base's own. */
    void read(long offset, ByteBuffer target);
}
