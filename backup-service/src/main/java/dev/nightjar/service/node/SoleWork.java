package dev.nightjar.service.node;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;

/**
 * Work that one node does at a time, by an advisory lock of PostgreSQL that is held as long as the work takes and goes with the connection of a node that dies.
 * It keeps work from being done twice, not from being done wrong: a node that was cut off may go on beside its successor. Thread-safe.
 */
@Component
public class SoleWork {

    // Locks of two numbers are apart from those of one, which the catalog uses.
    private static final int OURS = 0x4e4a;

    private final DataSource database;

    SoleWork(DataSource database) {
        this.database = database;
    }

    /**
     * Does the work, unless somebody does it now, on this node or another.
     *
     * @param name the work; the same on all nodes
     * @return what came of it; empty if it is being done elsewhere
     */
    public <T> Optional<T> tryDo(String name, Supplier<T> work) {
        try (Connection connection = database.getConnection()) {
            if (!is("SELECT pg_try_advisory_lock(?, hashtext(?))", connection, name)) {
                return Optional.empty();
            }
            try {
                return Optional.of(work.get());
            } finally {
                is("SELECT pg_advisory_unlock(?, hashtext(?))", connection, name);
            }
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("the database lost the lock for " + name, e);
        }
    }

    private static boolean is(String sql, Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, OURS);
            statement.setString(2, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }
}
