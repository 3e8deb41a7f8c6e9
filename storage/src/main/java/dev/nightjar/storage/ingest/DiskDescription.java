package dev.nightjar.storage.ingest;

import java.util.UUID;

/**
 * The disk that an ingest is about.
 *
 * @param machineId its machine
 * @param machineName the machine's name at this time
 * @param diskName its name within the machine, unique in a run
 * @param sizeBytes its size
 */
public record DiskDescription(UUID machineId, String machineName, String diskName, long sizeBytes) {

    /** Refuses sizes that no disk has. */
    public DiskDescription {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("a disk cannot have " + sizeBytes + " bytes");
        }
    }
}
