package dev.nightjar.service.copy;

import org.jspecify.annotations.Nullable;

/**
 * What is chosen for a copy target.
 *
 * @param when when points are copied to it
 * @param keepDays for how many days a copy stays after its original was deleted; null for ever
 */
record CopyChoice(CopyWhen when, @Nullable Integer keepDays) {

    /** As long as nobody has chosen anything. */
    static final CopyChoice DEFAULT = new CopyChoice(CopyWhen.BY_HAND, 30);
}
