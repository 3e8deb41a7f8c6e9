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
        return pool;
    }
}
