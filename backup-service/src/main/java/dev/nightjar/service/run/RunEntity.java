package dev.nightjar.service.run;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** A run's row. What only people read of it (disks, phases, error) is one JSON document. */
@Entity
@Table(name = "run")
class RunEntity implements Persistable<UUID> {

    @Id
    UUID id;

    @Enumerated(EnumType.STRING)
    RunKind kind;

    @Column(name = "started_by")
    @Enumerated(EnumType.STRING)
    RunTrigger trigger;

    @Enumerated(EnumType.STRING)
    RunState state;

    @Column(name = "machine_id")
    @Nullable
    UUID machineId;

    @Column(name = "policy_id")
    @Nullable
    UUID policyId;

    @Nullable
    Instant slot;

    @Nullable
    String sole;

    @Nullable
    UUID node;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "finished_at")
    @Nullable
    Instant finishedAt;

    @JdbcTypeCode(SqlTypes.LONG32VARCHAR)
    String document;

    @jakarta.persistence.Transient
    private boolean fresh;

    /** For Hibernate. */
    protected RunEntity() {}

    static RunEntity fresh(UUID id) {
        RunEntity entity = new RunEntity();
        entity.id = id;
        entity.fresh = true;
        return entity;
    }

    @Override
    public UUID getId() {
        return id;
    }

    @Override
    public boolean isNew() {
        return fresh;
    }
}
