package dev.nightjar.service.overview;

import dev.nightjar.service.overview.OverviewView.Protection;
import dev.nightjar.service.policy.Policy;
import dev.nightjar.service.run.RunState;
import dev.nightjar.service.run.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells how well a machine is protected. Pure. */
final class ProtectionJudge {

    private static final Duration WITHOUT_POLICY = Duration.ofDays(7);
    private static final Duration GRACE = Duration.ofHours(1);

    private ProtectionJudge() {}

    static Protection judge(
            Optional<Instant> newestPoint, Optional<RunView> newestRun, List<Policy> policies, Instant now) {
        boolean failed = newestRun
                .map(RunView::state)
                .filter(state -> state == RunState.FAILED || state == RunState.INTERRUPTED)
                .isPresent();
        if (failed) {
            return Protection.FAILED;
        }
        if (newestPoint.isEmpty()) {
            return Protection.NEVER;
        }
        return now.isAfter(due(newestPoint.get(), policies)) ? Protection.STALE : Protection.PROTECTED;
    }

    // A point is as good as its policies want until the slot after it has passed, and time for that run.
    private static Instant due(Instant newest, List<Policy> policies) {
        return policies.stream()
                .filter(Policy::enabled)
                .flatMap(policy -> policy.schedule().next(newest).stream())
                .min(Instant::compareTo)
                .map(slot -> slot.plus(GRACE))
                .orElse(newest.plus(WITHOUT_POLICY));
    }
}
