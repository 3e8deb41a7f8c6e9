package dev.nightjar.service.policy;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

/** The table of policies. */
interface PolicyRows extends JpaRepository<PolicyEntity, UUID> {

    List<PolicyEntity> findAllByOrderByName();

    Optional<PolicyEntity> findByNameIgnoreCase(String name);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select p from PolicyEntity p where p.id = :id")
    Optional<PolicyEntity> lock(UUID id);

    @Query("select p from PolicyEntity p where :machineId member of p.machineIds order by p.name")
    List<PolicyEntity> covering(UUID machineId);
}
