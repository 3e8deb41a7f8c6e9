package dev.nightjar.storage.repository;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Random;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Makes of a data source one that comes to a border before each transaction, after it, and sometimes right before it is committed, when it holds its locks.
 */
final class SteppedDatabase {

    /** One commit in so many waits with its locks held. */
    private static final int HELD = 8;

    /** Inside of a transaction the store must not wait, for others may wait for its locks. */
    private static final ThreadLocal<Boolean> WITHIN = ThreadLocal.withInitial(() -> false);

    private SteppedDatabase() {}

    static boolean withinTransaction() {
        return WITHIN.get();
    }

    static DataSource of(DataSource real, Consumer<String> borders, Random random) {
        return proxy(DataSource.class, real, (method, call) -> {
            if (!method.equals("getConnection")) {
                return call.run();
            }
            borders.accept("before a transaction");
            return stepped((Connection) call.run(), borders, random);
        });
    }

    private static Connection stepped(Connection connection, Consumer<String> borders, Random random) {
        return proxy(Connection.class, connection, (method, call) -> {
            switch (method) {
                case "setAutoCommit" -> WITHIN.set(!WITHIN.get());
                case "commit" -> {
                    if (random.nextInt(HELD) == 0) {
                        borders.accept("before a commit");
                    }
                }
                default -> {}
            }
            Object result = call.run();
            if (method.equals("close")) {
                WITHIN.set(false);
                borders.accept("after a transaction");
            }
            return result;
        });
    }

    private interface Call {
        Object run() throws Throwable;
    }

    private interface Around {
        Object call(String method, Call call) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T real, Around around) {
        return type.cast(Proxy.newProxyInstance(
                SteppedDatabase.class.getClassLoader(),
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
