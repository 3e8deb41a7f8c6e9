package dev.nightjar.storage.repository;

import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How far a campaign goes: a sample within the time that the test command has for it, or everything once and then more of it for as long as somebody asked. The seed
 * is printed; {@code -Dcampaign.seed} takes it.
 */
final class Campaign {

    private static final @Nullable Integer MINUTES = Integer.getInteger("campaign.minutes");

    private final String name;
    private final long seed;
    private final Duration length;
    private @Nullable Long endNanos;

    private Campaign(String name, Duration inTests) {
        this.name = name;
        this.seed = Long.getLong("campaign.seed", System.nanoTime());
        this.length = MINUTES == null ? inTests : Duration.ofMinutes(MINUTES);
        System.out.println(
                "campaign " + name + ": seed " + seed + (MINUTES == null ? ", a sample" : ", the whole campaign"));
    }

    /**
     * Begins one.
     *
     * @param inTests how long its sample takes in the test command
     */
    static Campaign begin(String name, Duration inTests) {
        return new Campaign(name, inTests);
    }

    /** Whether everything is to be tried at least once. */
    boolean whole() {
        return MINUTES != null;
    }

    /** Whether there is time for more; it begins when this is first asked. */
    boolean hasTime() {
        if (endNanos == null) {
            endNanos = System.nanoTime() + length.toNanos();
        }
        return System.nanoTime() - endNanos < 0;
    }

    Random random() {
        return new Random(seed);
    }

    /** For the messages of assertions. */
    String seeded(String what) {
        return what + ", seed " + seed;
    }

    /** Says what was done. */
    void report(String figures) {
        System.out.println("campaign " + name + ": " + figures);
    }
}
