package dev.nightjar.service.policy;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The table of policies. */
interface PolicyRows extends JpaRepository<PolicyEntity, UUID> {

    List<PolicyEntity> findAllByOrderByName();

    Optional<PolicyEntity> findByNameIgnoreCase(String name);

    @Query("select p from PolicyEntity p where :machineId member of p.machineIds order by p.name")
    List<PolicyEntity> covering(UUID machineId);
}
