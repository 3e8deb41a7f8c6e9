package dev.nightjar.service.repository;

import com.zaxxer.hikari.HikariDataSource;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.repository.Repository;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The service's PostgreSQL for a user of its own, whom it can turn away while everybody else goes on. */
final class DepartingDatabase implements AutoCloseable {

    private final JdbcClient sql;
    private final String user = "departing_" + UUID.randomUUID().toString().substring(0, 8);
    private final HikariDataSource way = new HikariDataSource();

    DepartingDatabase(DataSource database) throws SQLException {
        HikariDataSource service = database.unwrap(HikariDataSource.class);
        sql = JdbcClient.create(database);
        sql.sql("CREATE ROLE " + user + " SUPERUSER LOGIN PASSWORD 'x'").update();
        way.setJdbcUrl(service.getJdbcUrl());
        way.setUsername(user);
        way.setPassword("x");
        way.setConnectionTimeout(1000);
    }

    /** The same repository, by way of this user. */
    Repository open(Repository repository) {
        return Repository.open(DirectoryBlobStore.open(Path.of(repository.location())), new Unlock.Nothing(), way);
    }

    /** From here on PostgreSQL refuses connections, and those that there were are broken. */
    void leave() {
        sql.sql("ALTER ROLE " + user + " NOLOGIN").update();
        sql.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ?")
                .param(user)
                .query(Boolean.class)
                .list();
    }

    @Override
    public void close() {
        way.close();
        sql.sql("DROP ROLE " + user).update();
    }
}
