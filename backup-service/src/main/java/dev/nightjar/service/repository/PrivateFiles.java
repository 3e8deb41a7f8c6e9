package dev.nightjar.service.repository;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Small files that only their owner reads, whole and durable under their names or not there. */
final class PrivateFiles {

    private PrivateFiles() {}

    /** Writes a file, in place of what was there; makes its directory, for the owner only, if need be. */
    static void write(Path file, String text) throws IOException {
        place(
                file,
                text,
                written ->
                        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
    }

    /**
     * Writes a file where there is none; makes its directory as {@link #write} does.
     *
     * @throws FileAlreadyExistsException if there is one, which stays as it is
     */
    static void create(Path file, String text) throws IOException {
        place(file, text, written -> Files.createLink(file, written));
    }

    private static void place(Path file, String text, Naming naming) throws IOException {
        Path directory = Objects.requireNonNull(file.getParent(), "a file in a directory");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path written = Files.createTempFile(
                directory,
                "." + file.getFileName(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(
                    written, text + "\n", StandardCharsets.UTF_8, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            naming.name(written);
            try (FileChannel entries = FileChannel.open(directory)) {
                entries.force(true);
            }
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** Gives what is written whole the name that it is read by. */
    @FunctionalInterface
    private interface Naming {
        void name(Path written) throws IOException;
    }
}
