package dev.nightjar.service.machine;

import dev.nightjar.service.source.SourceSpec;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A machine that is protected. Immutable.
 *
 * @param id the machine
 * @param name what people call it, unique
 * @param description what it is for
 * @param source where its disks are reached
 * @param createdAt when it was added
 */
public record Machine(UUID id, String name, @Nullable String description, SourceSpec source, Instant createdAt) {}
