package dev.nightjar.service.repository;

import dev.nightjar.service.config.NightjarProperties;
import java.nio.file.Path;
import java.util.List;

/** What an operator could set, for tests without a service. */
final class TestProperties {

    private TestProperties() {}

    /** Nothing but the data directory. */
    static NightjarProperties in(Path dataDirectory) {
        return new NightjarProperties(
                dataDirectory,
                NightjarProperties.RepositoryProperties.none(),
                new NightjarProperties.DatabaseProperties(null, null, null),
                new NightjarProperties.ScratchProperties(null),
                new NightjarProperties.RestoreProperties(List.of()),
                NightjarProperties.ReclaimProperties.defaults(),
                new NightjarProperties.AccessProperties(false, List.of()),
                NightjarProperties.NbdProperties.defaults(),
                new NightjarProperties.SecretsProperties(null));
    }
}
