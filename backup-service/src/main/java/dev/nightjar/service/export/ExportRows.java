package dev.nightjar.service.export;

import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;

/** The table of exports. */
interface ExportRows extends JpaRepository<ExportEntity, UUID> {

    List<ExportEntity> findAllByOrderByCreatedAtDesc();

    boolean existsByName(String name);
}
