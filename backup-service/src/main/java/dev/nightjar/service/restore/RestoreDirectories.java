package dev.nightjar.service.restore;

import dev.nightjar.service.error.NightjarException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.springframework.http.HttpStatus;

/** The directories that restores may write below. Thread-safe. */
final class RestoreDirectories {

    private final List<Path> allowed;

    RestoreDirectories(List<Path> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /** The directories, as configured. */
    List<Path> allowed() {
        return allowed;
    }

    /**
     * Checks a target without changing anything but creating the allowed directories themselves. A path that is not absolute starts at the first of
     * them.
     *
     * @return the file to write, its directory free of symbolic links
     * @throws NightjarException RESTORE_PATH_INVALID, RESTORE_PATH_FORBIDDEN, RESTORE_DIRECTORY_MISSING, RESTORE_TARGET_EXISTS
     */
    Path check(RestoreTarget.FileTarget target) {
        Path path = parse(target.path());
        allowed.forEach(RestoreDirectories::create);
        Path directory = real(path);
        if (allowed.stream().noneMatch(root -> directory.startsWith(realRoot(root)))) {
            throw new NightjarException(
                    HttpStatus.FORBIDDEN,
                    "RESTORE_PATH_FORBIDDEN",
                    path + " is not below a directory that restores may write: " + allowed,
                    "Choose a path below one of them, or add the directory to nightjar.restore.directories.");
        }
        Path file = directory.resolve(path.getFileName());
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && !(target.replaces() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "RESTORE_TARGET_EXISTS",
                    file + " is there already",
                    "Choose another name, or ask for the file to be replaced.");
        }
        return file;
    }

    private Path parse(String text) {
        try {
            Path path = allowed.getFirst().resolve(text.strip());
            if (!text.isBlank() && path.getFileName() != null && !path.endsWith("..") && !path.endsWith(".")) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    private static NightjarException invalid(String text) {
        return new NightjarException(
                HttpStatus.BAD_REQUEST,
                "RESTORE_PATH_INVALID",
                "'" + text + "' is not the path of a file",
                "Write a name such as disk.raw, or a path such as /var/lib/nightjar/restores/disk.raw.");
    }

    private static Path real(Path path) {
        Path parent = path.getParent();
        try {
            return parent == null ? path : parent.toRealPath();
        } catch (IOException e) {
            throw new NightjarException(
                    HttpStatus.BAD_REQUEST,
                    "RESTORE_DIRECTORY_MISSING",
                    "the directory " + parent + " does not exist or cannot be read",
                    "Create it first.",
                    e);
        }
    }

    private static Path realRoot(Path root) {
        try {
            return root.toRealPath();
        } catch (IOException e) {
            // A root that is not there contains nothing.
            return root;
        }
    }

    private static void create(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new NightjarException(
                    "RESTORE_DIRECTORY_NOT_WRITABLE",
                    "the directory for restores " + directory + " cannot be created: " + e,
                    "Give the service's user the right to write there, or set nightjar.restore.directories.",
                    e);
        }
    }
}
