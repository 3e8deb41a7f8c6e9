package dev.nightjar.service.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The slots of any schedule around any change of the clock are those of {@link CronModel}: none twice, none left out. */
class ScheduleModelTest {

    private static final Duration WINDOW = Duration.ofDays(4);
    private static final Instant FIRST = Instant.parse("2005-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2035-01-01T00:00:00Z");
    // By one hour, at midnight, by half an hour, by a whole day, in other directions, never.
    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("America/New_York"),
            ZoneId.of("America/Sao_Paulo"),
            ZoneId.of("Asia/Beirut"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneId.of("Pacific/Apia"),
            ZoneId.of("America/St_Johns"),
            ZoneId.of("Africa/Casablanca"),
            ZoneId.of("Asia/Kathmandu"),
            ZoneId.of("UTC"));

    /** A zone and an instant shortly before one of its changes of the clock, if it has any. */
    record Night(ZoneId zone, Instant from) {}

    @Property(tries = 300)
    void everySlotComesOnceAndInOrder(@ForAll("schedules") CronModel model, @ForAll("nights") Night night) {
        Schedule schedule = Schedule.parse(model.expression(), night.zone().getId());
        Instant to = night.from().plus(WINDOW);

        List<Instant> slots = new ArrayList<>();
        Optional<Instant> slot = schedule.next(night.from());
        while (slot.isPresent() && !slot.get().isAfter(to)) {
            slots.add(slot.get());
            slot = schedule.next(slot.get());
        }

        assertThat(slots).isEqualTo(model.slots(night.zone(), night.from(), to));
    }

    @Property(tries = 200)
    void whateverTheMomentTheNextSlotIsTheFirstOneAfterIt(
            @ForAll("schedules") CronModel model, @ForAll("nights") Night night, @ForAll("seconds") long seconds) {
        Schedule schedule = Schedule.parse(model.expression(), night.zone().getId());
        Instant moment = night.from().plusSeconds(seconds);

        List<Instant> expected = model.slots(night.zone(), moment, moment.plus(WINDOW));

        if (!expected.isEmpty()) {
            assertThat(schedule.next(moment)).hasValue(expected.getFirst());
        } else {
            assertThat(schedule.next(moment))
                    .hasValueSatisfying(slot -> assertThat(slot).isAfter(moment.plus(WINDOW)));
        }
    }

    @Provide
    Arbitrary<CronModel> schedules() {
        Arbitrary<Set<Integer>> minutes =
                Arbitraries.integers().between(0, 59).set().ofMinSize(1).ofMaxSize(3);
        Arbitrary<Set<Integer>> hours = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(Set.of())),
                Tuple.of(
                        2,
                        Arbitraries.integers().between(0, 5).set().ofMinSize(1).ofMaxSize(4)),
                Tuple.of(
                        1,
                        Arbitraries.integers().between(0, 23).set().ofMinSize(1).ofMaxSize(4)));
        Arbitrary<Set<DayOfWeek>> days = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(Set.of())),
                Tuple.of(1, Arbitraries.of(DayOfWeek.class).set().ofMinSize(1).ofMaxSize(3)));
        return Combinators.combine(minutes, hours, days).as(CronModel::new);
    }

    @Provide
    Arbitrary<Night> nights() {
        Arbitrary<Long> moments = Arbitraries.longs().between(FIRST.getEpochSecond(), LAST.getEpochSecond());
        return Combinators.combine(Arbitraries.of(ZONES), moments, seconds())
                .as((zone, moment, before) -> shortlyBeforeChange(zone, Instant.ofEpochSecond(moment), before));
    }

    @Provide
    Arbitrary<Long> seconds() {
        return Arbitraries.longs().between(0, Duration.ofDays(2).toSeconds());
    }

    private static Night shortlyBeforeChange(ZoneId zone, Instant moment, long seconds) {
        ZoneOffsetTransition change = zone.getRules().nextTransition(moment);
        Instant near = change == null ? moment : change.getInstant();
        return new Night(zone, near.minusSeconds(seconds));
    }
}
