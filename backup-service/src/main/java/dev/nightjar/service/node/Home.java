package dev.nightjar.service.node;

import dev.nightjar.service.error.NightjarException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** What tells a data directory from all others: an id in a file of its own. */
final class Home {

    static final String FILE = "node-home";

    private Home() {}

    /**
     * The directory's id, made the first time. The caller holds the directory's lock.
     *
     * @throws NightjarException DATA_DIRECTORY_NOT_WRITABLE
     */
    static UUID of(Path data) {
        Path file = data.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                Path written = Files.writeString(data.resolve(FILE + ".new"), UUID.randomUUID() + "\n");
                Files.move(written, file);
            }
            return UUID.fromString(Files.readString(file).strip());
        } catch (IOException | IllegalArgumentException e) {
            throw new NightjarException(
                    "DATA_DIRECTORY_NOT_WRITABLE",
                    "the file " + file + " cannot be used: " + e,
                    "Give the service's user the right to write there; a file that does not hold an id may be deleted.",
                    e);
        }
    }
}
