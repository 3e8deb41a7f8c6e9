package dev.nightjar.service.node;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.annotation.PreDestroy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The table of nodes, one row for each data directory. All times are the database's. What a node says of itself goes over a connection of its own, which nothing else
 * can exhaust. Thread-safe; every method is a transaction.
 */
@Component
class NodeTable {

    private final HikariDataSource connection;
    private final JdbcClient heart;
    private final JdbcClient others;

    NodeTable(DataSource database, JdbcClient others) throws SQLException {
        HikariConfig one = new HikariConfig();
        database.unwrap(HikariDataSource.class).copyStateTo(one);
        one.setPoolName("node-heart");
        one.setMaximumPoolSize(1);
        this.connection = new HikariDataSource(one);
        this.heart = JdbcClient.create(connection);
        this.others = others;
    }

    @PreDestroy
    void close() {
        connection.close();
    }

    /** A process begins; whatever had its data directory before is dead, or the directory would be locked. A node without a row is as dead as one that has ended. */
    void begin(UUID id, String name, UUID home) {
        heart.sql("""
                        WITH before AS (DELETE FROM nightjar.node WHERE home = :home OR ended_at < now() - interval '30 days')
                        INSERT INTO nightjar.node (id, name, home) VALUES (:id, :name, :home)""").param("id", id).param("name", name).param("home", home).update();
    }

    /** The node lives; false if it was taken for dead, which is for good. */
    boolean beat(UUID id) {
        return heart.sql("UPDATE nightjar.node SET seen_at = now() WHERE id = :id AND ended_at IS NULL")
                        .param("id", id)
                        .update()
                == 1;
    }

    /** The node's process ends by itself. */
    void end(UUID id) {
        heart.sql("UPDATE nightjar.node SET ended_at = now() WHERE id = :id AND ended_at IS NULL")
                .param("id", id)
                .update();
    }

    /** Takes nodes for dead that were silent for so long; returns their names. */
    List<String> endSilent(Duration limit) {
        return heart.sql("""
                        UPDATE nightjar.node SET ended_at = now(), lost = true
                        WHERE ended_at IS NULL AND seen_at < now() - make_interval(secs => :seconds)
                        RETURNING name""")
                .param("seconds", limit.toMillis() / 1000.0)
                .query((row, number) -> row.getString("name"))
                .list();
    }

    /** The nodes, oldest first. */
    List<NodeRow> all() {
        return others.sql("SELECT * FROM nightjar.node ORDER BY started_at, id")
                .query(NodeTable::row)
                .list();
    }

    private static NodeRow row(ResultSet row, int number) throws SQLException {
        Timestamp ended = row.getTimestamp("ended_at");
        return new NodeRow(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getObject("home", UUID.class),
                row.getTimestamp("started_at").toInstant(),
                row.getTimestamp("seen_at").toInstant(),
                ended == null ? null : ended.toInstant(),
                row.getBoolean("lost"));
    }
}
