package dev.nightjar.service.copy;

import dev.nightjar.service.point.PointDeletion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Which points were deleted, and when. Only such ones count as deleted: a repository that was lost, or whose catalog was rebuilt without some of its points, says nothing about what somebody wanted to be
 * rid of. Thread-safe.
 */
@Component
class DeletedOriginals {

    private final JdbcClient jdbc;
    private final Clock clock;

    DeletedOriginals(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Written down before the point is gone, so that no deletion is forgotten. */
    @EventListener
    @Transactional
    public void deleting(PointDeletion deletion) {
        jdbc.sql("""
                        INSERT INTO nightjar.deleted_original (repository_id, point_id, deleted_at) VALUES (:repository, :point, :at)
                        ON CONFLICT (repository_id, point_id) DO UPDATE SET deleted_at = excluded.deleted_at""")
                .param("repository", deletion.repositoryId())
                .param("point", deletion.pointId())
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Points of a repository that somebody deleted, or tried to, at least so long ago. */
    Set<UUID> since(UUID repository, Duration ago) {
        Instant before = clock.instant().minus(ago);
        return new HashSet<>(jdbc.sql(
                        "SELECT point_id FROM nightjar.deleted_original WHERE repository_id = :id AND deleted_at <= :before")
                .param("id", repository)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .query(UUID.class)
                .list());
    }

    void forget(UUID repository, Collection<UUID> points) {
        for (UUID point : points) {
            jdbc.sql("DELETE FROM nightjar.deleted_original WHERE repository_id = :id AND point_id = :point")
                    .param("id", repository)
                    .param("point", point)
                    .update();
        }
    }
}
