package dev.nightjar.service.backup;

import dev.nightjar.storage.point.DamagedRanges;
import dev.nightjar.storage.point.DamagedRanges.Range;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.scrub.Reach;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What cannot be read of the point that an increment builds on: what the disk did not give when it was taken, and what the repository has lost since. Read again from the source, it heals.
 * Thread-safe.
 */
record ParentDamage(Repository repository) {

    /** Whether nobody can tell what the point consists of, so that nothing can be built on it. */
    boolean mapIsDamaged(@Nullable PointRecord parent) {
        return parent != null && reach(parent).map();
    }

    /** Where the disk is to be read whatever a bitmap says. If these are too many places, all of it. */
    DamagedRanges doubtful(@Nullable PointRecord parent) {
        if (parent == null) {
            return DamagedRanges.NONE;
        }
        DamagedRanges all = parent.damaged();
        for (Range lost : reach(parent).covering().ranges()) {
            if (all.ranges().size() == DamagedRanges.MAX_RANGES) {
                return new DamagedRanges(List.of(new Range(0, parent.sizeBytes())));
            }
            all = all.with(lost);
        }
        return all;
    }

    private Reach reach(PointRecord parent) {
        return repository.damageOf(parent, DamagedRanges.MAX_RANGES);
    }
}
