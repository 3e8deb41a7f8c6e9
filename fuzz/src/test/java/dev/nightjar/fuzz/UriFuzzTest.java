package dev.nightjar.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.nbd.client.NbdUri;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people and other programs give as a URI: it is refused by name, or its canonical spelling means the same. */
class UriFuzzTest {

    static List<Path> seeds() {
        return Seeds.of(UriFuzzTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everySeedEndsAsItShould(Path seed) {
        fuzzerTestOneInput(Seeds.read(seed));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        NbdUri uri;
        try {
            uri = NbdUri.parse(new String(input, UTF_8));
        } catch (NbdException refused) {
            return;
        }
        NbdUri again = NbdUri.parse(uri.toString());
        if (!again.equals(uri)) {
            throw new AssertionError(uri + " reads back as " + again);
        }
    }
}
