package dev.nightjar.service.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.service.error.NightjarException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;

class ScheduleTest {

    private static final String BERLIN = "Europe/Berlin";

    @Test
    void inSpringATimeInTheGapComesLaterByTheGap() {
        assertSlots("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void inSpringATimeInTheGapAndTheOneItMovesToAreOneSlot() {
        assertSlots("30 2,3 * * *", "2026-03-28T22:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void inAutumnATimeThatHappensTwiceCountsTheFirstTime() {
        assertSlots("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void inAutumnTheSecondPassOfTheHourHasNoSlotOfItsOwn() {
        assertSlots("30 2 * * *", "2026-10-25T00:45:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void aScheduleForEveryHourGoesOnThroughBothChanges() {
        assertSlots(
                "0 * * * *",
                "2026-03-29T00:30:00Z",
                "2026-03-29T01:00:00Z",
                "2026-03-29T02:00:00Z",
                "2026-03-29T03:00:00Z");
        assertSlots(
                "0 * * * *",
                "2026-10-24T23:30:00Z",
                "2026-10-25T00:00:00Z",
                "2026-10-25T01:00:00Z",
                "2026-10-25T02:00:00Z");
    }

    @Test
    void everyTenMinutesIsEveryTenMinutes() {
        Schedule schedule = Schedule.parse("*/10 * * * *", BERLIN);
        for (String night : List.of("2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z")) {
            Instant begin = Instant.parse(night);
            assertThat(schedule.next(begin, 24))
                    .isEqualTo(Stream.iterate(begin.plusSeconds(600), slot -> slot.plusSeconds(600))
                            .limit(24)
                            .toList());
        }
    }

    @Test
    void sixFieldsBeginWithSeconds() {
        assertSlots("15 30 2 * * *", "2026-06-01T00:30:00Z", "2026-06-01T00:30:15Z", "2026-06-02T00:30:15Z");
    }

    @Test
    void dayOfMonthAndDayOfWeekBothHaveToMatch() {
        assertSlots("0 12 13 * FRI", "2026-01-01T00:00:00Z", "2026-02-13T11:00:00Z", "2026-03-13T11:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({"@daily, 2026-06-01T22:00:00Z", "@hourly, 2026-06-01T11:00:00Z", "@weekly, 2026-06-06T22:00:00Z"})
    void nicknamesAreKnown(String nickname, String first) {
        assertSlots(nickname, "2026-06-01T10:30:00Z", first);
    }

    @Test
    void leapDaysAreWaitedFor() {
        assertSlots("0 12 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T11:00:00Z");
    }

    @Test
    void theExpressionIsGivenBackAsItWasWritten() {
        Schedule schedule = Schedule.parse("  30 2 * * MON-FRI ", " Europe/Berlin ");
        assertThat(schedule.expression()).isEqualTo("30 2 * * MON-FRI");
        assertThat(schedule.zone().getId()).isEqualTo(BERLIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * *",
                "61 2 * * *",
                "0 24 * * *",
                "0 2 30 2 *",
                "0 2 * * FOO",
                "@never",
                "every night",
                "0 0 2 * * * 2026",
                "-1 2 * * *",
                "0 2 * * * ; rm"
            })
    void whatIsNoScheduleIsRefusedAtItsField(String expression) {
        assertRefused(expression, BERLIN, "INVALID_SCHEDULE", "schedule");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mars/Olympus", "CET-1CEST", "+99:00", "europe berlin"})
    void whatIsNoTimeZoneIsRefusedAtItsField(String zone) {
        assertRefused("30 2 * * *", zone, "INVALID_TIME_ZONE", "timeZone");
    }

    private static void assertRefused(String expression, String zone, String code, String field) {
        assertThatExceptionOfType(NightjarException.class)
                .isThrownBy(() -> Schedule.parse(expression, zone))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.field()).isEqualTo(field);
                    assertThat(e.status()).isEqualTo(HttpStatus.BAD_REQUEST);
                    assertThat(e.hint()).isNotBlank();
                });
    }

    private static void assertSlots(String expression, String after, String... slots) {
        assertThat(Schedule.parse(expression, BERLIN).next(Instant.parse(after), slots.length))
                .isEqualTo(Stream.of(slots).map(Instant::parse).toList());
    }
}
