package dev.nightjar.service.backup;

import dev.nightjar.service.source.SourceSpec;
import java.util.UUID;

/**
 * The machine that a run backs up, as it was configured when the run began.
 *
 * @param id the machine
 * @param name its name
 * @param source where its disks are
 */
record BackedUpMachine(UUID id, String name, SourceSpec source) {}
