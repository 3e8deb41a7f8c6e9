package dev.nightjar.service.export.attach;

/**
 * What is attached.
 *
 * @param export its name: letters, digits, dots, dashes and underscores only
 * @param writable whether it can be written
 */
public record AttachedDisk(String export, boolean writable) {}
