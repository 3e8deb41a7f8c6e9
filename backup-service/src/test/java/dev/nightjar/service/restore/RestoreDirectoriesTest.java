package dev.nightjar.service.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.restore.RestoreTarget.FileTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreDirectoriesTest {

    @TempDir
    Path home;

    private Path allowed;
    private Path outside;
    private RestoreDirectories directories;

    @BeforeEach
    void makeDirectories() throws IOException {
        home = home.toRealPath();
        allowed = home.resolve("restores");
        outside = Files.createDirectory(home.resolve("outside"));
        directories = new RestoreDirectories(List.of(allowed));
    }

    @Test
    void allowsANewFileBelowAndCreatesTheAllowedDirectory() throws IOException {
        assertThat(check(allowed.resolve("disk.img"), false)).isEqualTo(allowed.resolve("disk.img"));
        Files.createDirectory(allowed.resolve("web-1"));
        assertThat(check(allowed.resolve("web-1/disk.img"), false)).isEqualTo(allowed.resolve("web-1/disk.img"));
    }

    @Test
    void takesANameAloneForAFileOfTheFirstDirectory() {
        assertThat(directories.check(new FileTarget("disk.raw", null, null))).isEqualTo(allowed.resolve("disk.raw"));
    }

    @Test
    void letsNoRelativePathLeadOut() throws IOException {
        Files.createDirectories(allowed);
        Files.createSymbolicLink(allowed.resolve("link"), outside);
        for (String path : List.of("../disk.raw", "../outside/disk.raw", "link/disk.raw")) {
            failsWith(path, "RESTORE_PATH_FORBIDDEN");
        }
    }

    @Test
    void forbidsWhatIsElsewhereHoweverItIsSpelled() throws IOException {
        fails(outside.resolve("disk.img"), "RESTORE_PATH_FORBIDDEN");
        fails(Path.of(allowed + "/../outside/disk.img"), "RESTORE_PATH_FORBIDDEN");
        Files.createDirectory(home.resolve("restores-of-others"));
        fails(home.resolve("restores-of-others/disk.img"), "RESTORE_PATH_FORBIDDEN");
        fails(allowed, "RESTORE_PATH_FORBIDDEN");
    }

    @Test
    void forbidsADirectoryThatALinkLeadsOutTo() throws IOException {
        Files.createDirectories(allowed);
        Files.createSymbolicLink(allowed.resolve("exit"), outside);
        fails(allowed.resolve("exit/disk.img"), "RESTORE_PATH_FORBIDDEN");
    }

    @Test
    void allowsDirectoriesThatAreLinksThemselves() throws IOException {
        Path real = Files.createDirectory(home.resolve("real"));
        Path link = Files.createSymbolicLink(home.resolve("link"), real);
        assertThat(new RestoreDirectories(List.of(link)).check(target(link.resolve("disk.img"), false)))
                .isEqualTo(real.resolve("disk.img"));
    }

    @Test
    void replacesAFileOnlyWhenAskedToAndNothingElseEver() throws IOException {
        Files.createDirectories(allowed);
        Path file = Files.createFile(allowed.resolve("disk.img"));
        fails(file, "RESTORE_TARGET_EXISTS");
        assertThat(check(file, true)).isEqualTo(file);
        Path directory = Files.createDirectory(allowed.resolve("directory"));
        failsToReplace(directory);
        Path link = Files.createSymbolicLink(allowed.resolve("link.img"), outside.resolve("elsewhere"));
        failsToReplace(link);
        fails(link, "RESTORE_TARGET_EXISTS");
    }

    @Test
    void wantsThePathOfAFileInADirectoryThatExists() {
        for (String path : List.of("", " ", ".", "..", "a/..", "/", allowed + "/..", allowed + "/.", "a\0b")) {
            failsWith(path, "RESTORE_PATH_INVALID");
        }
        fails(allowed.resolve("nowhere/disk.img"), "RESTORE_DIRECTORY_MISSING");
    }

    private Path check(Path path, boolean overwrite) {
        return directories.check(target(path, overwrite));
    }

    private static FileTarget target(Path path, boolean overwrite) {
        return new FileTarget(path.toString(), null, overwrite);
    }

    private void fails(Path path, String code) {
        assertThatThrownBy(() -> check(path, false))
                .asInstanceOf(type(NightjarException.class))
                .extracting(NightjarException::code)
                .isEqualTo(code);
    }

    private void failsToReplace(Path path) {
        assertThatThrownBy(() -> check(path, true))
                .asInstanceOf(type(NightjarException.class))
                .extracting(NightjarException::code)
                .isEqualTo("RESTORE_TARGET_EXISTS");
    }

    private void failsWith(String path, String code) {
        assertThatThrownBy(() -> directories.check(new FileTarget(path, null, null)))
                .as(path)
                .asInstanceOf(type(NightjarException.class))
                .extracting(NightjarException::code)
                .isEqualTo(code);
    }
}
