package dev.nightjar.service.source;

import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.storage.point.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * One disk of a frozen view.
 *
 * @param name the disk
 * @param export where its bytes are
 * @param dirtyContext the metadata context that tells what changed; null if only a full read is possible
 * @param required whether the run has to fail if the server does not grant the context; else the disk is read in full
 * @param reason why there is no dirty context although one was asked for
 * @param checkpoint the new checkpoint, which records from the view's instant on; null if nothing of ours does
 */
public record FrozenDisk(
        String name,
        NbdUri export,
        @Nullable String dirtyContext,
        boolean required,
        @Nullable FullReadReason reason,
        @Nullable Checkpoint checkpoint) {}
