package dev.nightjar.service.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A schedule as sets of minutes, hours and days, whose slots are found by looking at every minute there is.
 *
 * @param minutes of the hour
 * @param hours of the day; empty means every hour
 * @param days of the week; empty means every day
 */
record CronModel(Set<Integer> minutes, Set<Integer> hours, Set<DayOfWeek> days) {

    /** As people write it. */
    String expression() {
        return fields(minutes) + " " + fields(hours) + " * * "
                + fields(days.stream().map(DayOfWeek::getValue).collect(Collectors.toSet()));
    }

    /** All slots after {@code from} up to {@code to}, each once. */
    List<Instant> slots(ZoneId zone, Instant from, Instant to) {
        Set<Instant> slots = hours.isEmpty() ? byRealTime(zone, from, to) : byLocalTime(zone, from, to);
        return slots.stream()
                .filter(slot -> slot.isAfter(from) && !slot.isAfter(to))
                .toList();
    }

    private Set<Instant> byRealTime(ZoneId zone, Instant from, Instant to) {
        Set<Instant> slots = new TreeSet<>();
        for (Instant minute = from.truncatedTo(ChronoUnit.MINUTES);
                !minute.isAfter(to);
                minute = minute.plusSeconds(60)) {
            if (matches(LocalDateTime.ofInstant(minute, zone))) {
                slots.add(minute);
            }
        }
        return slots;
    }

    private Set<Instant> byLocalTime(ZoneId zone, Instant from, Instant to) {
        Set<Instant> slots = new TreeSet<>();
        LocalDateTime end = LocalDateTime.ofInstant(to, zone).plusDays(2);
        LocalDateTime minute = LocalDateTime.ofInstant(from, zone).minusDays(2).truncatedTo(ChronoUnit.MINUTES);
        for (; minute.isBefore(end); minute = minute.plusMinutes(1)) {
            if (matches(minute)) {
                // In a gap later by its length, in an overlap the earlier of the two.
                slots.add(ZonedDateTime.of(minute, zone).toInstant());
            }
        }
        return slots;
    }

    private boolean matches(LocalDateTime time) {
        return minutes.contains(time.getMinute())
                && (hours.isEmpty() || hours.contains(time.getHour()))
                && (days.isEmpty() || days.contains(time.getDayOfWeek()));
    }

    private static String fields(Set<Integer> values) {
        return values.isEmpty()
                ? "*"
                : values.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
    }
}
