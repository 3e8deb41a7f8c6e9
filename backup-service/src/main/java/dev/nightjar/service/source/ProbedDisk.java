package dev.nightjar.service.source;

import java.util.List;

/**
 * What a source says about one of its disks.
 *
 * @param name the disk's name in points and runs
 * @param sizeBytes its virtual size
 * @param replyMode how the NBD server replies: {@code EXTENDED}, {@code STRUCTURED}, {@code SIMPLE}
 * @param contexts the metadata contexts granted, sorted
 * @param extendedHeaders whether 64-bit block status is possible
 * @param bitmapSupport how increments are possible
 */
public record ProbedDisk(
        String name,
        long sizeBytes,
        String replyMode,
        List<String> contexts,
        boolean extendedHeaders,
        BitmapSupport bitmapSupport) {
    public ProbedDisk {
        contexts = List.copyOf(contexts);
    }

    /** How a disk's changes are tracked. */
    public enum BitmapSupport {
        /** Checkpoints outlive a restart of the machine. */
        PERSISTENT,
        /** Checkpoints live as long as the machine's process; after that the next backup is a full read. */
        TRANSIENT,
        /** Somebody else manages the bitmap that the source names. */
        EXTERNAL,
        /** Every backup is a full read. */
        NONE
    }
}
