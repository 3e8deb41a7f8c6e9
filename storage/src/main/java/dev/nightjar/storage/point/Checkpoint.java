package dev.nightjar.storage.point;

/**
 * The hypervisor's always-recording bitmap that starts at a point's instant.
 *
 * @param name the bitmap's name at the hypervisor
 * @param identity what tells this very bitmap from another one of the same name, as the source defines it
 */
public record Checkpoint(String name, String identity) {}
