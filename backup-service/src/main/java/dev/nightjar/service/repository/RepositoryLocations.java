package dev.nightjar.service.repository;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Remembers which repository was in which directory. Thread-safe. */
@Component
class RepositoryLocations {

    private final JdbcClient jdbc;

    RepositoryLocations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<UUID> known(Path directory) {
        return jdbc.sql("SELECT repository_id FROM nightjar.repository_location WHERE directory = :directory")
                .param("directory", directory.toString())
                .query(UUID.class)
                .optional();
    }

    void remember(Path directory, UUID repository) {
        jdbc.sql("""
                        INSERT INTO nightjar.repository_location (directory, repository_id, created_at)
                        VALUES (:directory, :repository, now())
                        ON CONFLICT (directory) DO UPDATE SET repository_id = excluded.repository_id""")
                .param("directory", directory.toString())
                .param("repository", repository)
                .update();
    }
}
