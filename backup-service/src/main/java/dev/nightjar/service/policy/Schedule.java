package dev.nightjar.service.policy;

import dev.nightjar.service.error.NightjarException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.support.CronExpression;

/**
 * The slots of a policy: a cron expression in a time zone. Immutable.
 *
 * <p>In nights when the clock is changed, a schedule that names its hours has each of its local times once: one that falls into the gap
 * comes as much later as the gap is long, and of an hour that happens twice the first counts. A schedule for every hour follows
 * real time instead, so that no hour goes without.
 */
public final class Schedule {

    private static final int CRON_FIELDS = 5;
    private static final int HOUR_FIELD = 2;
    /** No change of a clock is larger: Samoa left out a day when it moved to the other side of the date line. */
    private static final Duration LARGEST_CHANGE = Duration.ofDays(1);

    private final String expression;
    private final ZoneId zone;
    private final CronExpression cron;
    private final boolean everyHour;

    private Schedule(String expression, ZoneId zone, CronExpression cron, boolean everyHour) {
        this.expression = expression;
        this.zone = zone;
        this.cron = cron;
        this.everyHour = everyHour;
    }

    /**
     * Reads a schedule.
     *
     * @param expression minute, hour, day of month, month, day of week, as cron has them; six fields begin with seconds;
     *     {@code @daily} and the like
     * @param timeZone a region of the time zone database, such as Europe/Berlin
     * @throws NightjarException INVALID_SCHEDULE or INVALID_TIME_ZONE, answers with 400
     */
    public static Schedule parse(String expression, String timeZone) {
        ZoneId zone = zone(timeZone);
        String stripped = expression.strip();
        String full = fields(stripped).size() == CRON_FIELDS ? "0 " + stripped : stripped;
        try {
            CronExpression cron = CronExpression.parse(full);
            Schedule schedule = new Schedule(stripped, zone, cron, everyHour(full));
            // Cron can express days that never come, such as the 30th of February.
            if (cron.next(LocalDateTime.of(2000, 1, 1, 0, 0)) == null) {
                throw invalid(expression, "it never comes");
            }
            return schedule;
        } catch (IllegalArgumentException e) {
            throw invalid(expression, String.valueOf(e.getMessage()));
        }
    }

    /** The expression as people wrote it. */
    public String expression() {
        return expression;
    }

    /** The time zone. */
    public ZoneId zone() {
        return zone;
    }

    /** The first slot after an instant, if one ever comes. */
    public Optional<Instant> next(Instant after) {
        Instant best = null;
        LocalDateTime local = LocalDateTime.ofInstant(after, zone).minus(LARGEST_CHANGE);
        LocalDateTime last = LocalDateTime.MAX;
        while (true) {
            local = cron.next(local);
            if (local == null || local.isAfter(last)) {
                return Optional.ofNullable(best);
            }
            for (Instant slot : slots(local)) {
                if (slot.isAfter(after) && (best == null || slot.isBefore(best))) {
                    best = slot;
                    // Around a change of the clock a later local time may still be an earlier instant.
                    last = LocalDateTime.ofInstant(slot, zone).plus(LARGEST_CHANGE);
                }
            }
        }
    }

    /** The next slots after an instant, at most {@code count}. */
    public List<Instant> next(Instant after, int count) {
        return Stream.iterate(next(after), Optional::isPresent, slot -> slot.flatMap(this::next))
                .limit(count)
                .flatMap(Optional::stream)
                .toList();
    }

    private List<Instant> slots(LocalDateTime local) {
        if (everyHour) {
            // None in a gap, both in an overlap.
            return zone.getRules().getValidOffsets(local).stream()
                    .map(local::toInstant)
                    .toList();
        }
        // In a gap later by its length, in an overlap the earlier of the two.
        return List.of(ZonedDateTime.of(local, zone).toInstant());
    }

    private static boolean everyHour(String full) {
        List<String> fields = fields(full);
        return full.equals("@hourly")
                || (fields.size() > CRON_FIELDS && List.of("*", "*/1").contains(fields.get(HOUR_FIELD)));
    }

    private static List<String> fields(String expression) {
        return List.of(expression.split("\\s+", -1));
    }

    private static ZoneId zone(String timeZone) {
        try {
            return ZoneId.of(timeZone.strip());
        } catch (DateTimeException e) {
            throw new NightjarException(
                            HttpStatus.BAD_REQUEST,
                            "INVALID_TIME_ZONE",
                            "'" + timeZone + "' is not a time zone",
                            "Name a region such as Europe/Berlin or UTC.",
                            e)
                    .at("timeZone");
        }
    }

    private static NightjarException invalid(String expression, String why) {
        return new NightjarException(
                        HttpStatus.BAD_REQUEST,
                        "INVALID_SCHEDULE",
                        "'" + expression + "' is not a schedule: " + why,
                        "Write minute, hour, day of month, month and day of week, for example '30 2 * * *' for every night at half past two.")
                .at("schedule");
    }
}
