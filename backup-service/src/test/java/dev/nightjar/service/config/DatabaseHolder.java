package dev.nightjar.service.config;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;

/** A process that holds a data directory and its database until it is killed; with a second argument it first writes that into a table. */
final class DatabaseHolder {

    static final String READY = "holding the data directory";

    private DatabaseHolder() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[0]);
        DataDirectory.lock(data);
        if (arguments.length > 1) {
            EmbeddedDatabase database = EmbeddedDatabase.start(data);
            try (Connection connection =
                            DriverManager.getConnection(database.url(), EmbeddedDatabase.USER, database.password());
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE IF NOT EXISTS note (text text)");
                statement.execute("INSERT INTO note VALUES ('" + arguments[1] + "')");
            }
        }
        System.out.println(READY);
        new CountDownLatch(1).await();
    }
}
