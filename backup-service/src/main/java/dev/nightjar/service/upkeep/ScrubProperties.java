package dev.nightjar.service.upkeep;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How what is stored is proven, under {@code nightjar.scrub.}. Immutable.
 *
 * @param within every pack is read and checked at least this often
 * @param rate how many bytes a second that reads at most; 0 for as fast as it goes
 */
@ConfigurationProperties("nightjar.scrub")
public record ScrubProperties(
        @DefaultValue("30d") Duration within,
        @DefaultValue("64MB") DataSize rate) {

    /** Refuses what makes no sense. */
    public ScrubProperties {
        if (within.compareTo(Duration.ofDays(1)) < 0 || rate.isNegative()) {
            throw new IllegalArgumentException("nightjar.scrub: at least a day, and no negative rate");
        }
    }
}
