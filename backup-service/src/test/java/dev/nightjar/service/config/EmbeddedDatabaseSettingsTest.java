package dev.nightjar.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedDatabaseSettingsTest {

    @ParameterizedTest
    @CsvSource({"512, 128", "4096, 512", "16384, 2048", "262144, 2048"})
    void buffersAreAPartOfTheMemoryWithinLimits(long memory, long buffers) {
        assertThat(EmbeddedDatabaseSettings.buffers(memory)).isEqualTo(buffers);
    }
}
