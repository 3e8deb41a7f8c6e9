package dev.nightjar.service.testing;

import dev.nightjar.service.config.NightjarProperties;
import java.nio.file.Path;
import java.util.List;

/** What an operator could set, for tests without a service. */
public final class TestProperties {

    private TestProperties() {}

    /** Nothing but the data directory. */
    public static NightjarProperties in(Path dataDirectory) {
        return in(dataDirectory, NightjarProperties.NbdProperties.defaults());
    }

    /** The data directory, and how exports are served. */
    public static NightjarProperties in(Path dataDirectory, NightjarProperties.NbdProperties nbd) {
        return new NightjarProperties(
                dataDirectory,
                NightjarProperties.RepositoryProperties.none(),
                new NightjarProperties.DatabaseProperties(null, null, null),
                new NightjarProperties.ScratchProperties(null),
                new NightjarProperties.RestoreProperties(List.of()),
                NightjarProperties.ReclaimProperties.defaults(),
                new NightjarProperties.AccessProperties(false, List.of()),
                nbd,
                new NightjarProperties.SecretsProperties(null));
    }
}
