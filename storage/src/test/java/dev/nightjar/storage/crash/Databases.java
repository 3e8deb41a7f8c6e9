package dev.nightjar.storage.crash;

import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.CatalogServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Databases that have the catalog's schema, for one test after the other: to make one takes longer than most of what is done with it. Used by one test at a time.
 */
final class Databases {

    private static final List<DataSource> MADE = new ArrayList<>();

    private Databases() {}

    /** The database of this number, from 0, without any row. */
    static synchronized DataSource empty(int number) {
        while (MADE.size() <= number) {
            DataSource fresh = CatalogServer.freshDatabase();
            CatalogDatabase.open(fresh);
            MADE.add(fresh);
        }
        DataSource database = MADE.get(number);
        try (Connection connection = database.getConnection()) {
            CatalogDump.of(connection).emptied().load(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return database;
    }
}
