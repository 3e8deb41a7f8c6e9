package dev.nightjar.service.policy;

import dev.nightjar.service.source.UnreadableData;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A policy's row and the machines it covers. */
@Entity
@Table(name = "policy")
class PolicyEntity {

    @Id
    UUID id;

    String name;

    String schedule;

    @Column(name = "time_zone")
    String timeZone;

    @Column(name = "keep_last")
    int keepLast;

    @Column(name = "on_unreadable")
    @Enumerated(EnumType.STRING)
    UnreadableData onUnreadable;

    @Column(name = "lock_days")
    @Nullable
    Integer lockDays;

    boolean enabled;

    @Column(name = "created_at")
    Instant createdAt;

    @ElementCollection(fetch = FetchType.EAGER)
    @CollectionTable(name = "policy_machine", joinColumns = @JoinColumn(name = "policy_id"))
    @Column(name = "machine_id")
    Set<UUID> machineIds = new LinkedHashSet<>();
}
