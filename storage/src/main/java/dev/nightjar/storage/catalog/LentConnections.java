package dev.nightjar.storage.catalog;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a borrower has of a data source's connections, to take back those that it forgets. Flyway forgets its first one when that breaks at once, and a pool would miss
 * it for ever. Used by one thread.
 */
final class LentConnections implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LentConnections.class);

    private final DataSource real;
    private final List<Connection> lent = new ArrayList<>();

    LentConnections(DataSource real) {
        this.real = real;
    }

    /** The data source, for the borrower. */
    DataSource source() {
        return (DataSource) Proxy.newProxyInstance(
                LentConnections.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        if (result instanceof Connection connection) {
                            lent.add(connection);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Closes every connection that is still open. */
    @Override
    public void close() {
        for (Connection connection : lent) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("a connection that was given back is broken", e);
            }
        }
    }
}
