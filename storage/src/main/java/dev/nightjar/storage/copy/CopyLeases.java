package dev.nightjar.storage.copy;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * What the leases are called that copying and healing take on behalf of a run. Both repositories' catalogs may be in one database, in which a run has one lease; so these have ids that are made of
 * the run's and the repositories'.
 */
public final class CopyLeases {

    private static final int MADE_OF_A_NAME = 3;

    private CopyLeases() {}

    /** Whether a lease may be one of these; ids of runs and exports are random. */
    public static boolean mayBe(UUID lease) {
        return lease.version() == MADE_OF_A_NAME;
    }

    /** All that a run may have taken. */
    public static Set<UUID> of(UUID run, Collection<UUID> repositories) {
        Set<UUID> leases = new HashSet<>();
        for (UUID one : repositories) {
            leases.add(copying(run, one));
            for (UUID other : repositories) {
                leases.add(healing(run, one, other));
                leases.add(reading(run, one, other));
            }
        }
        return leases;
    }

    static UUID copying(UUID run, UUID target) {
        return id(run + " to " + target);
    }

    static UUID healing(UUID run, UUID damaged, UUID copies) {
        return id(run + " heals " + damaged + " from " + copies);
    }

    static UUID reading(UUID run, UUID damaged, UUID copies) {
        return id(run + " reads " + damaged + " from " + copies);
    }

    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.US_ASCII));
    }
}
