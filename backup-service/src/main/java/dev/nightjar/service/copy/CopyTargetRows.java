package dev.nightjar.service.copy;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** When points are copied to which repository; one that nobody has chosen for is copied to by hand. Thread-safe. */
@Component
class CopyTargetRows {

    private final JdbcClient jdbc;

    CopyTargetRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    CopyWhen when(UUID repository) {
        return jdbc.sql("SELECT copy_when FROM nightjar.copy_target WHERE repository_id = :id")
                .param("id", repository)
                .query(String.class)
                .optional()
                .map(CopyWhen::valueOf)
                .orElse(CopyWhen.BY_HAND);
    }

    @Transactional
    public void choose(UUID repository, CopyWhen when) {
        jdbc.sql("""
                INSERT INTO nightjar.copy_target (repository_id, copy_when) VALUES (:id, :when)
                ON CONFLICT (repository_id) DO UPDATE SET copy_when = excluded.copy_when""").param("id", repository).param("when", when.name()).update();
    }
}
