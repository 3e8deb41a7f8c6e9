package dev.nightjar.service.run;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The table of runs. */
interface RunRows extends JpaRepository<RunEntity, UUID> {

    @Query("""
            select r from RunEntity r
            where (:machineId is null or r.machineId = :machineId)
              and (:kind is null or r.kind = :kind)
              and (:state is null or r.state = :state)
            order by r.createdAt desc, r.id""")
    Page<RunEntity> search(@Nullable UUID machineId, @Nullable RunKind kind, @Nullable RunState state, Pageable page);

    List<RunEntity> findByStateIn(Collection<RunState> states);

    @Query(nativeQuery = true, value = """
            SELECT r.* FROM nightjar.run r
            WHERE r.state IN ('QUEUED', 'RUNNING')
              AND NOT EXISTS (SELECT FROM nightjar.node n WHERE n.id = r.node AND n.ended_at IS NULL)""")
    List<RunEntity> findOrphans();

    Optional<RunEntity> findFirstByMachineIdAndKindOrderByCreatedAtDesc(UUID machineId, RunKind kind);

    Optional<RunEntity> findFirstByKindAndStateNotInOrderByFinishedAtDesc(RunKind kind, Collection<RunState> states);

    Optional<RunEntity> findFirstBySoleAndStateNotInOrderByFinishedAtDesc(String sole, Collection<RunState> states);

    List<RunEntity> findByKindAndStateIn(RunKind kind, Collection<RunState> states);

    boolean existsByMachineIdAndStateIn(UUID machineId, Collection<RunState> states);
}
