package dev.nightjar.storage.overlay;

import java.util.UUID;

/**
 * What an overlay is for.
 *
 * @param id its id, which its files carry
 * @param sizeBytes the disk's size
 * @param limitBytes how much data it may hold; what does not fit is refused
 */
public record OverlaySpec(UUID id, long sizeBytes, long limitBytes) {

    /** Refuses sizes that nothing has. */
    public OverlaySpec {
        if (sizeBytes < 0 || limitBytes < 0) {
            throw new IllegalArgumentException("a disk of " + sizeBytes + " bytes, a limit of " + limitBytes);
        }
    }
}
