package dev.nightjar.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.testkit.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryIT {

    @TempDir
    private Path temporary;

    @Test
    void aMissingDirectoryIsCreatedForItsOwnerOnly() throws IOException {
        Path path = temporary.resolve("a/b");
        try (DataDirectory directory = DataDirectory.lock(path)) {
            assertThat(directory.path()).isEqualTo(path);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aSecondInstanceOfTheSameProcessIsRefused() throws IOException {
        try (DataDirectory first = DataDirectory.lock(temporary)) {
            assertInUse();
            assertThat(first.path()).isEqualTo(temporary);
        }
    }

    @Test
    void aSecondProcessIsRefusedUntilTheFirstIsKilled() throws IOException {
        Path data = temporary.resolve("data");
        try (RunningProcess holder = HoldingProcess.start(data, temporary.resolve("log"))) {
            assertThatExceptionOfType(NightjarException.class)
                    .isThrownBy(() -> DataDirectory.lock(data))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("DATA_DIRECTORY_IN_USE"))
                    .withMessageContaining(data.toString());
            holder.kill();
            DataDirectory.lock(data).close();
        }
    }

    @Test
    void aRefusedAttemptDoesNotReleaseTheLock() throws IOException {
        try (DataDirectory first = DataDirectory.lock(temporary)) {
            assertInUse();
            assertInUse();
            assertThat(first.path()).isEqualTo(temporary);
        }
        DataDirectory.lock(temporary).close();
    }

    @Test
    void aDirectoryThatCannotBeCreatedIsNamed() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatExceptionOfType(NightjarException.class)
                .isThrownBy(() -> DataDirectory.lock(file.resolve("data")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("DATA_DIRECTORY_NOT_WRITABLE"))
                .withMessageContaining("file/data");
    }

    private void assertInUse() {
        assertThatExceptionOfType(NightjarException.class)
                .isThrownBy(() -> DataDirectory.lock(temporary))
                .satisfies(e -> assertThat(e.code()).isEqualTo("DATA_DIRECTORY_IN_USE"));
    }
}
