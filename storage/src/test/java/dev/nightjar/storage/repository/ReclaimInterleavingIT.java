package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Backups, deletions, readers and up to two reclaims at the same time, in separate processes as far as the repository can tell, in thousands of orders of their steps:
 * at every border of a transaction and of a write to the store it is drawn who goes on. What was acknowledged stays whole.
 */
@Timeout(7200)
class ReclaimInterleavingIT {

    private static final Duration IN_TESTS = Duration.ofSeconds(8);
    private static final int WHOLE_CAMPAIGN = 2_000;
    private static final int FROM_SCRATCH_EVERY = 50;
    private static final int TRACE = 60;

    @Test
    void everyPointIsWholeWhateverTheOrder() throws Exception {
        Campaign campaign = Campaign.begin("interleavings", IN_TESTS);
        int done = 0;
        long steps = 0;
        try (InterleavingBench bench = new InterleavingBench(campaign.random())) {
            while (campaign.hasTime() || (campaign.whole() && done < WHOLE_CAMPAIGN)) {
                bench.prepare();
                Interleaver interleaver = bench.interleave();
                steps += interleaver.steps();
                List<String> trace = interleaver.trace();
                bench.check(campaign.seeded("interleaving " + done + ", which ended "
                        + trace.subList(Math.max(0, trace.size() - TRACE), trace.size())));
                done++;
                if (done % FROM_SCRATCH_EVERY == 0) {
                    bench.checkFromScratch(campaign.seeded("interleaving " + done));
                }
            }
            bench.checkFromScratch(campaign.seeded("interleaving " + done));
            campaign.report(done + " interleavings of " + steps + " steps; refused " + bench.refused());
        }
        assertThat(done).isPositive();
    }
}
