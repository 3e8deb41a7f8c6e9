package dev.nightjar.storage.crash;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/** A database whose commits somebody takes part in, and which refuses a process that is dead. Thread-safe. */
final class WatchedDatabase {

    private static final Set<String> ALLOWED_WHEN_DEAD = Set.of("close", "rollback", "isClosed");

    private WatchedDatabase() {}

    /** Commits. */
    @FunctionalInterface
    interface Transaction {
        /** Commits. */
        void commit() throws Exception;
    }

    /** Told of every commit, which it has to do. */
    @FunctionalInterface
    interface Watcher {
        /** Somebody wants to commit. */
        void commit(Transaction transaction) throws Exception;
    }

    static DataSource watched(DataSource real, Watcher watcher, BooleanSupplier dead) {
        return (DataSource) Proxy.newProxyInstance(
                WatchedDatabase.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
                    if (dead.getAsBoolean()) {
                        throw new SQLException("killed");
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return result instanceof Connection connection ? connection(connection, watcher, dead) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Connection connection(Connection real, Watcher watcher, BooleanSupplier dead) {
        return (Connection) Proxy.newProxyInstance(
                WatchedDatabase.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    String name = method.getName();
                    if (dead.getAsBoolean()) {
                        if (name.equals("setAutoCommit")) {
                            return null; // It would commit what a dead process left open.
                        }
                        if (!ALLOWED_WHEN_DEAD.contains(name)) {
                            throw new SQLException("killed");
                        }
                    }
                    try {
                        if (name.equals("commit")) {
                            watcher.commit(real::commit);
                            return null;
                        }
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
