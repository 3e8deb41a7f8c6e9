package dev.nightjar.service.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.testing.TestProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptKeysTest {

    @TempDir
    private Path directory;

    @Test
    void aKeyThatWasNeverKeptIsNone() {
        assertThat(keys().find(UUID.randomUUID())).isEmpty();
    }

    @Test
    void aKeyThatCannotBeReadIsNotTakenForNone() throws IOException {
        Files.createFile(directory.resolve("keys"));
        assertThatExceptionOfType(NightjarException.class)
                .isThrownBy(() -> keys().find(UUID.randomUUID()))
                .satisfies(e -> assertThat(e.code()).isEqualTo("KEPT_KEY_UNUSABLE"));
    }

    private KeptKeys keys() {
        return new KeptKeys(TestProperties.in(directory));
    }
}
