package dev.nightjar.service.machine;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A machine's row; the source is a JSON document. */
@Entity
@Table(name = "machine")
class MachineEntity {

    @Id
    UUID id;

    String name;

    @Nullable
    String description;

    @JdbcTypeCode(SqlTypes.LONG32VARCHAR)
    String source;

    @Column(name = "created_at")
    Instant createdAt;
}
