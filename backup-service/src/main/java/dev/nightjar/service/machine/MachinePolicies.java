package dev.nightjar.service.machine;

import java.util.List;
import java.util.UUID;

/** Which policies back a machine up; known to whoever keeps policies. */
public interface MachinePolicies {

    /** The policies of a machine. */
    List<UUID> of(UUID machineId);
}
