package dev.nightjar.service.testing;

import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Gives a context an empty data directory, deleted when the JVM ends; only the unpacked PostgreSQL is kept from one build to the next. */
public final class FreshData implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Path BINARIES = Path.of("target/postgres-binaries").toAbsolutePath();

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TempDirectory data = TempDirectory.create();
        linkBinaries(data.path());
        SpringApplication.getShutdownHandlers().add(data::close);
        TestPropertyValues.of(
                        "nightjar.data-directory=" + data.path(),
                        "nightjar.repository.directory=" + data.path().resolve("repository"))
                .applyTo(context);
    }

    /** Spares a data directory the unpacking of PostgreSQL. */
    public static void linkBinaries(Path data) {
        try {
            Files.createSymbolicLink(data.resolve("postgres-binaries"), Files.createDirectories(BINARIES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
