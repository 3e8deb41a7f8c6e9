package dev.nightjar.storage.catalog;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the catalog's PostgreSQL: opens connections, runs work in transactions and turns SQL errors into
 * {@link StorageErrorCode#CATALOG_UNAVAILABLE}. Thread-safe as far as the data source is.
 */
public final class CatalogDatabase {

    /** The schema that holds every table of the catalog, and Flyway's history of it. */
    public static final String SCHEMA = "catalog";

    private static final Logger LOG = LoggerFactory.getLogger(CatalogDatabase.class);

    /** How often a transaction is tried that PostgreSQL rolls back for the sake of others. */
    private static final int ATTEMPTS = 5;

    /** SQLSTATEs serialization_failure and deadlock_detected: nothing of the transaction has happened, and the next attempt may well succeed. */
    private static final Set<String> ROLLED_BACK = Set.of("40001", "40P01");

    private final DataSource dataSource;

    private CatalogDatabase(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Brings the schema up to date, creating it if need be, and returns the way to it. */
    public static CatalogDatabase open(DataSource dataSource) {
        try (LentConnections connections = new LentConnections(dataSource)) {
            Flyway.configure(CatalogDatabase.class.getClassLoader())
                    .dataSource(connections.source())
                    .locations("classpath:db/catalog")
                    .schemas(SCHEMA)
                    .defaultSchema(SCHEMA)
                    .createSchemas(true)
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (RuntimeException e) {
            throw new StorageException(
                    StorageErrorCode.CATALOG_UNAVAILABLE,
                    "The catalog's schema could not be brought up to date: " + e.getMessage(),
                    "Check that PostgreSQL runs and that its user may create the schema \"" + SCHEMA + "\".",
                    e);
        }
        return new CatalogDatabase(dataSource);
    }

    /** What a transaction does. */
    @FunctionalInterface
    public interface Work<T> {
        /** Runs on the transaction's connection, which it neither commits nor closes. */
        T on(Connection connection) throws SQLException;
    }

    /** Like {@link Work}, without a result. */
    @FunctionalInterface
    public interface Action {
        /** Runs on the transaction's connection, which it neither commits nor closes. */
        void on(Connection connection) throws SQLException;
    }

    /**
     * Runs the work in one transaction: committed when it returns, rolled back when it throws. If the commit itself fails
     * the outcome is unknown; the exception is the same, and callers who care look it up.
     *
     * @param work may run several times: PostgreSQL ends deadlocks by rolling one transaction back
     */
    public <T> T inTransaction(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !ROLLED_BACK.contains(String.valueOf(e.getSQLState()))) {
                    throw unavailable(e);
                }
                LOG.debug("a transaction was rolled back for others, attempt {}", attempt, e);
            }
        }
    }

    private <T> T once(Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        }
    }

    /** {@link #inTransaction} for work without a result. */
    public void transact(Action action) {
        inTransaction(connection -> {
            action.on(connection);
            return true;
        });
    }

    /** Runs reading work with every statement on its own. */
    public <T> T read(Work<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static StorageException unavailable(SQLException e) {
        return new StorageException(
                StorageErrorCode.CATALOG_UNAVAILABLE,
                "The catalog did not answer as expected: " + e.getMessage(),
                "Check that PostgreSQL runs and has space; nothing that was complete is lost.",
                e);
    }
}
