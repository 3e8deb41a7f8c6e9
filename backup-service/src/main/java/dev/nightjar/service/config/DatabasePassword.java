package dev.nightjar.service.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The random password of the embedded database, in a file that only its owner reads.
 *
 * @param file where it is; initdb reads it there
 * @param text what it is
 */
record DatabasePassword(Path file, String text) {

    private static final int BYTES = 24;

    /** The password as it was written before, or a new one, which is whole in the file before it is used. */
    static DatabasePassword in(Path data) throws IOException {
        Path file = data.resolve("postgres-password");
        if (Files.exists(file)) {
            return new DatabasePassword(file, Files.readString(file).strip());
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String text = HexFormat.of().formatHex(random);
        Path written = Files.createTempFile(
                data,
                "postgres-password",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(written, text, StandardCharsets.US_ASCII);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        return new DatabasePassword(file, text);
    }

    @Override
    public String toString() {
        return "DatabasePassword[" + file + "]";
    }
}
