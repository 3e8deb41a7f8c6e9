package dev.nightjar.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTableTest {

    @Test
    void every_number_has_its_column_and_every_phase_its_row() {
        Report.Backup full = backup("full", "FULL", Map.of("READING", 1200L));
        Report.Backup increment = backup("increment", "INCREMENTAL", Map.of("READING", 80L, "CLEANING", 5L));

        List<String> lines = ReportTable.lines(List.of(full, increment));

        assertThat(lines).anySatisfy(line -> assertThat(line).matches(" *read +64.0 KiB +64.0 KiB"));
        assertThat(lines).anySatisfy(line -> assertThat(line).matches(" *time reading +1,200 ms +80 ms"));
        assertThat(lines).anySatisfy(line -> assertThat(line).matches(" *time cleaning +0 ms +5 ms"));
        assertThat(lines.stream().map(String::length).distinct()).hasSize(1);
    }

    private static Report.Backup backup(String name, String mode, Map<String, Long> phases) {
        return new Report.Backup(
                name, "run", "point", mode, 1L << 32, 1 << 20, 65_536, 65_536, 65_536, 0, 1, 2, 3, phases, 10, 20);
    }
}
