package dev.nightjar.service.export;

import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.transaction.annotation.Transactional;

/** The table of exports. */
interface ExportRows extends JpaRepository<ExportEntity, UUID> {

    List<ExportEntity> findAllByOrderByCreatedAtDesc();

    boolean existsByName(String name);

    @Modifying
    @Transactional
    @Query("update ExportEntity e set e.home = :home where e.home is null")
    void adopt(UUID home);

    @Modifying
    @Transactional
    @Query("update ExportEntity e set e.home = :home where e.id = :id and e.home = :from")
    int move(UUID id, UUID from, UUID home);
}
