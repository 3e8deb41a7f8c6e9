package dev.nightjar.service.testing;

import dev.nightjar.service.NightjarApplication;
import dev.nightjar.testkit.TempDirectory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two nodes on one PostgreSQL and one repository: two whole services in this process, each with a data directory of its own. All tests of a build share them.
 *
 * <p>Each has a Quartz scheduler of another name, for Quartz keeps what it knows of its database in static fields by that name. So every policy has a trigger on both, and both fire every slot.
 */
public final class TwoNodes implements AutoCloseable {

    /** How long a node may be silent. */
    public static final int DEAD_AFTER_SECONDS = 3;

    private final TempDirectory directory = TempDirectory.create();
    private final EmbeddedPostgres database = startDatabase();
    private final ConfigurableApplicationContext a;
    private final ConfigurableApplicationContext b;

    TwoNodes() {
        a = start("a");
        b = start("b");
    }

    /** A component of node a. */
    public <T> T a(Class<T> type) {
        return a.getBean(type);
    }

    /** A component of node b. */
    public <T> T b(Class<T> type) {
        return b.getBean(type);
    }

    /** Node a over HTTP. */
    public Rest restA() {
        return rest(a);
    }

    /** Node b over HTTP. */
    public Rest restB() {
        return rest(b);
    }

    /** The database of both. */
    public JdbcClient sql() {
        return JdbcClient.create(database.getPostgresDatabase());
    }

    private ConfigurableApplicationContext start(String name) {
        return new SpringApplicationBuilder(NightjarApplication.class)
                .run(
                        "--server.port=0",
                        "--nightjar.data-directory=" + directory.resolve(name),
                        "--nightjar.database.url=" + database.getJdbcUrl("postgres", "postgres"),
                        "--nightjar.database.user=postgres",
                        "--nightjar.repository.directory=" + directory.resolve("repository"),
                        "--nightjar.nbd.port=0",
                        "--spring.quartz.properties.org.quartz.scheduler.instanceName=nightjar-" + name,
                        "--nightjar.node.name=" + name,
                        "--nightjar.node.dead-after=" + DEAD_AFTER_SECONDS + "s");
    }

    private static Rest rest(ConfigurableApplicationContext node) {
        return new Rest(node.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    private static EmbeddedPostgres startDatabase() {
        try {
            return EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        b.close();
        a.close();
        try {
            database.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            directory.close();
        }
    }
}
