package dev.nightjar.service.config;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The database: embedded unless a URL is configured. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    private static final int CONNECTIONS = 20;

    // What a process holds that was paused, or whose host is gone, would keep others from the schedule and from the
    // machines' runs: PostgreSQL itself
    // waits for hours. No transaction of ours rests that long but a rebuild, which sees to that itself.
    private static final String LET_GO_OF_THE_DEAD = """
            SET idle_in_transaction_session_timeout = '3min';
            SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4""";

    @Bean
    DataDirectory dataDirectory(NightjarProperties properties) throws IOException {
        return DataDirectory.lock(properties.data());
    }

    /** A PostgreSQL of our own. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "nightjar.database.url", matchIfMissing = true, havingValue = "embedded")
    static class Embedded {

        @Bean
        EmbeddedDatabase embeddedDatabase(DataDirectory directory) {
            return EmbeddedDatabase.start(directory.path());
        }

        @Bean
        DataSource dataSource(EmbeddedDatabase database) {
            return pool(database.url(), EmbeddedDatabase.USER, database.password());
        }
    }

    /** Somebody else's PostgreSQL. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "nightjar.database.url")
    static class External {

        @Bean
        DataSource dataSource(NightjarProperties properties, DataDirectory directory) {
            NightjarProperties.DatabaseProperties database = properties.database();
            return pool(orEmpty(database.url()), orEmpty(database.user()), orEmpty(database.password()));
        }

        private static String orEmpty(@org.jspecify.annotations.Nullable String value) {
            return value == null ? "" : value;
        }
    }

    private static HikariDataSource pool(String url, String user, String password) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("nightjar");
        pool.setJdbcUrl(url);
        pool.setUsername(user);
        pool.setPassword(password);
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setConnectionInitSql(LET_GO_OF_THE_DEAD);
        return pool;
    }
}
