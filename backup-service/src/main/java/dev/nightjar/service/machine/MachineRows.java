package dev.nightjar.service.machine;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;

/** The table of machines. */
interface MachineRows extends JpaRepository<MachineEntity, UUID> {

    List<MachineEntity> findAllByOrderByName();

    Optional<MachineEntity> findByNameIgnoreCase(String name);
}
