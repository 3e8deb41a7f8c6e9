package dev.nightjar.service.source;

import java.time.Instant;
import java.util.List;

/**
 * All disks of a machine as they were at one instant, open while one run reads them. Confined to one thread.
 *
 * <p>Closing removes everything that the view needed. New checkpoints stay only if {@link #committed} was called, which is also when
 * the ones before go.
 */
public interface FrozenView extends AutoCloseable {

    /** The moment whose content this is. */
    Instant instant();

    /** The disks, in the source's order. */
    List<FrozenDisk> disks();

    /**
     * To be called now and then while reading, and once more after the last byte: the bytes count only if this returns.
     *
     * @throws RuntimeException FROZEN_VIEW_BROKEN or SCRATCH_SPACE_LOW
     */
    void requireIntact();

    /** The recovery points are committed: from now on the new checkpoints are the ones that count. */
    void committed();

    /** Removes the view. Does not throw: what cannot be removed now is logged, and removed by the next run. */
    @Override
    void close();
}
