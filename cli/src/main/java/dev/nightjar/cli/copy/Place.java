package dev.nightjar.cli.copy;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.nbd.client.NbdUri;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a copy comes from or goes to, as a person names it. */
sealed interface Place {

    record Export(NbdUri uri) implements Place {}

    record LocalFile(Path file) implements Place {}

    /** {@code -} */
    record StandardOutput() implements Place {}

    /** {@code null:} */
    record Nowhere() implements Place {}

    /** Everything that looks like a URI of NBD is one, so that a typing error never becomes a file's name. */
    static Place parse(String text) {
        if (text.isEmpty()) {
            throw new CommandFailure(
                    CommandErrorCode.INVALID_ARGUMENT, "a source or target is empty", "Name a file or an NBD URI.");
        }
        if (text.equals("-")) {
            return new StandardOutput();
        }
        if (text.equals("null:")) {
            return new Nowhere();
        }
        if (text.matches("(?i)nbds?([+-][a-z]+)?:.*")) {
            return new Export(NbdUri.parse(text));
        }
        try {
            return new LocalFile(Path.of(text));
        } catch (InvalidPathException e) {
            throw new CommandFailure(
                    CommandErrorCode.INVALID_ARGUMENT, "not a file's name: " + text, "Name a file or an NBD URI.", e);
        }
    }
}
