package dev.nightjar.service.testing;

import dev.nightjar.service.NightjarApplication;
import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A whole service of a test's own, with an empty data directory, that can be ended and started again. Tests with one are tagged {@code own-process}. Used by one thread. */
public final class OwnService implements AutoCloseable {

    private final TempDirectory data = TempDirectory.create();
    private @Nullable ConfigurableApplicationContext context;
    private @Nullable Rest rest;

    /** Nothing runs yet. */
    public OwnService() {
        FreshData.linkBinaries(data.path());
    }

    /** Starts it, again if it runs. */
    public void restart(String... settings) {
        stop();
        List<String> arguments = new ArrayList<>(
                List.of("--nightjar.data-directory=" + data.path(), "--server.port=0", "--nightjar.nbd.port=0"));
        arguments.addAll(List.of(settings));
        context = new SpringApplicationBuilder(NightjarApplication.class).run(arguments.toArray(String[]::new));
        rest = new Rest(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    /** A client of it. */
    public Rest rest() {
        if (rest == null) {
            throw new IllegalStateException("it does not run");
        }
        return rest;
    }

    /** One of its parts. */
    public <T> T bean(Class<T> type) {
        if (context == null) {
            throw new IllegalStateException("it does not run");
        }
        return context.getBean(type);
    }

    /** Its data directory. */
    public Path data() {
        return data.path();
    }

    private void stop() {
        if (context != null) {
            context.close();
            context = null;
            rest = null;
        }
    }

    @Override
    public void close() {
        stop();
        data.close();
    }
}
