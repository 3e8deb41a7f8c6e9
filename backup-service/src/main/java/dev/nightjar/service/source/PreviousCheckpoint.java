package dev.nightjar.service.source;

import dev.nightjar.storage.point.Checkpoint;

/**
 * The checkpoint of a disk's last recovery point.
 *
 * @param checkpoint the checkpoint; removed once newer points are committed
 * @param wanted whether the changes since it are wanted; else the disk is to be read in full
 */
public record PreviousCheckpoint(Checkpoint checkpoint, boolean wanted) {}
