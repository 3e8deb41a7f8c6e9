package dev.nightjar.service.run;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.transaction.annotation.Transactional;

/** The table of runs. */
interface RunRows extends JpaRepository<RunEntity, UUID> {

    @Query("""
            select r from RunEntity r
            where (:machineId is null or r.machineId = :machineId)
              and (:kind is null or r.kind = :kind)
              and (:state is null or r.state = :state)
            order by r.createdAt desc, r.id""")
    Page<RunEntity> search(@Nullable UUID machineId, @Nullable RunKind kind, @Nullable RunState state, Pageable page);

    @Modifying
    @Transactional
    @Query("update RunEntity r set r.state = :state, r.document = :document where r.id = :id and r.state in :active")
    void saveProgress(UUID id, RunState state, String document, Collection<RunState> active);

    List<RunEntity> findByStateIn(Collection<RunState> states);

    Optional<RunEntity> findFirstByMachineIdAndKindOrderByCreatedAtDesc(UUID machineId, RunKind kind);

    boolean existsByMachineIdAndStateIn(UUID machineId, Collection<RunState> states);
}
