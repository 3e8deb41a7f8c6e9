package dev.nightjar.storage.repository;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Data sources of which PostgreSQL really rolls one transaction back at its end, as it does for the sake of others. Thread-safe. */
final class RollingBackDatabase {

    /** What PostgreSQL says. */
    enum Reason {
        DEADLOCK("40P01"),
        SERIALIZATION("40001");

        private final String state;

        Reason(String state) {
            this.state = state;
        }
    }

    private int number;
    private int seen;
    private boolean done;
    private Reason why = Reason.DEADLOCK;

    /** From here on transactions are counted, and the one of this number, from 1, is rolled back. */
    synchronized void rollBack(int transaction, Reason reason) {
        number = transaction;
        seen = 0;
        done = false;
        why = reason;
    }

    /** Ends it; returns whether one was rolled back. */
    synchronized boolean stop() {
        number = 0;
        return done;
    }

    /** How many there were. */
    synchronized int seen() {
        return seen;
    }

    DataSource of(DataSource real) {
        return proxy(DataSource.class, real, (method, call) -> {
            Object result = call.run();
            return method.equals("getConnection") ? of((Connection) result) : result;
        });
    }

    private Connection of(Connection connection) {
        return proxy(Connection.class, connection, (method, call) -> {
            if (method.equals("commit") && isIt()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(
                            "DO $$ BEGIN RAISE EXCEPTION 'rolled back' USING ERRCODE = '" + why.state + "'; END $$");
                }
                throw new SQLException("PostgreSQL did not raise what it was told to");
            }
            return call.run();
        });
    }

    private synchronized boolean isIt() {
        seen++;
        done |= seen == number;
        return seen == number;
    }

    private interface Call {
        Object run() throws Throwable;
    }

    private interface Around {
        Object call(String method, Call call) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T real, Around around) {
        return type.cast(Proxy.newProxyInstance(
                RollingBackDatabase.class.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> around.call(method.getName(), () -> {
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })));
    }
}
