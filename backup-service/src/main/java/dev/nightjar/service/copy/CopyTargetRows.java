package dev.nightjar.service.copy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What is chosen for each copy target. Thread-safe. */
@Component
class CopyTargetRows {

    private final JdbcClient jdbc;

    CopyTargetRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    CopyChoice choice(UUID repository) {
        return jdbc.sql("SELECT copy_when, keep_days FROM nightjar.copy_target WHERE repository_id = :id")
                .param("id", repository)
                .query(CopyTargetRows::choice)
                .optional()
                .orElse(CopyChoice.DEFAULT);
    }

    @Transactional
    public void choose(UUID repository, CopyChoice choice) {
        jdbc.sql("""
                INSERT INTO nightjar.copy_target (repository_id, copy_when, keep_days) VALUES (:id, :when, :keep)
                ON CONFLICT (repository_id) DO UPDATE SET copy_when = excluded.copy_when, keep_days = excluded.keep_days""")
                .param("id", repository)
                .param("when", choice.when().name())
                .param("keep", choice.keepDays())
                .update();
    }

    private static CopyChoice choice(ResultSet row, int number) throws SQLException {
        return new CopyChoice(CopyWhen.valueOf(row.getString("copy_when")), row.getObject("keep_days", Integer.class));
    }
}
