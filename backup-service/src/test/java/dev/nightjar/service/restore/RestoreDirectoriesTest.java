package dev.nightjar.service.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.service.error.NightjarException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreDirectoriesTest {

    @TempDir
    private Path directory;

    private Path root;
    private RestoreDirectories directories;

    @BeforeEach
    void create() throws Exception {
        root = directory.toRealPath().resolve("restores");
        directories = new RestoreDirectories(List.of(root));
    }

    @Test
    void a_name_alone_is_a_file_of_the_first_directory() {
        assertThat(directories.check(file("disk.raw"))).isEqualTo(root.resolve("disk.raw"));
    }

    @Test
    void an_absolute_path_below_it_is_allowed() {
        assertThat(directories.check(file(root + "/disk.raw"))).isEqualTo(root.resolve("disk.raw"));
    }

    @Test
    void nothing_leads_out_of_it() throws Exception {
        Files.createDirectories(root);
        Files.createDirectories(directory.resolve("elsewhere"));
        Files.createSymbolicLink(root.resolve("link"), directory.resolve("elsewhere"));
        for (String path : List.of("../disk.raw", "../elsewhere/disk.raw", "link/disk.raw", "/etc/disk.raw")) {
            assertThatThrownBy(() -> directories.check(file(path)))
                    .as(path)
                    .isInstanceOfSatisfying(
                            NightjarException.class, e -> assertThat(e.code()).isEqualTo("RESTORE_PATH_FORBIDDEN"));
        }
    }

    @Test
    void what_names_no_file_is_refused() {
        for (String path : List.of("", " ", ".", "..", "a/..", "/", "a\0b")) {
            assertThatThrownBy(() -> directories.check(file(path)))
                    .as(path)
                    .isInstanceOfSatisfying(
                            NightjarException.class, e -> assertThat(e.code()).isEqualTo("RESTORE_PATH_INVALID"));
        }
    }

    private static RestoreTarget.FileTarget file(String path) {
        return new RestoreTarget.FileTarget(path, null, null);
    }
}
