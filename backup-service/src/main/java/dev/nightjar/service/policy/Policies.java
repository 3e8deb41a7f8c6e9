package dev.nightjar.service.policy;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.machine.MachinePolicies;
import dev.nightjar.service.machine.Machines;
import dev.nightjar.service.source.UnreadableData;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The policies. Thread-safe; every method is a transaction. */
@Service
@Transactional
public class Policies implements MachinePolicies {

    private final PolicyRows rows;
    private final Machines machines;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Policies(PolicyRows rows, Machines machines, ApplicationEventPublisher events, Clock clock) {
        this.rows = rows;
        this.machines = machines;
        this.events = events;
        this.clock = clock;
    }

    /** All of them, by name. */
    @Transactional(readOnly = true)
    public List<Policy> all() {
        return rows.findAllByOrderByName().stream().map(Policies::policy).toList();
    }

    /**
     * One of them.
     *
     * @throws NightjarException POLICY_NOT_FOUND
     */
    @Transactional(readOnly = true)
    public Policy get(UUID id) {
        return policy(row(id));
    }

    /** One of them, if it is still there. */
    @Transactional(readOnly = true)
    public Optional<Policy> find(UUID id) {
        return rows.findById(id).map(Policies::policy);
    }

    /** One of them, if it is still there; nobody changes it until the caller's transaction ends, without which this fails. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Policy> lock(UUID id) {
        return rows.lock(id).map(Policies::policy);
    }

    /** The policies that cover a machine. */
    @Transactional(readOnly = true)
    public List<Policy> covering(UUID machineId) {
        return rows.covering(machineId).stream().map(Policies::policy).toList();
    }

    @Override
    @Transactional(readOnly = true)
    public List<UUID> of(UUID machineId) {
        return covering(machineId).stream().map(Policy::id).toList();
    }

    Policy add(PolicyRequest request) {
        PolicyEntity row = new PolicyEntity();
        row.id = UUID.randomUUID();
        row.createdAt = clock.instant();
        checkName(request.name(), null);
        return save(row, request);
    }

    Policy change(UUID id, PolicyRequest request) {
        PolicyEntity row = row(id);
        checkName(request.name(), id);
        return save(row, request);
    }

    void remove(UUID id) {
        rows.delete(row(id));
        events.publishEvent(new PolicyChanged(id));
    }

    private Policy save(PolicyEntity row, PolicyRequest request) {
        Schedule schedule = Schedule.parse(request.schedule(), request.timeZone());
        request.machineIds().forEach(machines::get);
        row.name = request.name().strip();
        row.schedule = schedule.expression();
        row.timeZone = schedule.zone().getId();
        row.keepLast = request.keepLast();
        row.onUnreadable = request.onUnreadable() == null ? UnreadableData.FAIL : request.onUnreadable();
        row.lockDays = request.lockDays();
        row.enabled = request.enabled();
        row.machineIds = new LinkedHashSet<>(request.machineIds());
        Policy saved = policy(rows.save(row));
        events.publishEvent(new PolicyChanged(saved.id()));
        return saved;
    }

    private PolicyEntity row(UUID id) {
        return rows.findById(id).orElseThrow(() -> NightjarException.notFound("POLICY_NOT_FOUND", "policy", id));
    }

    private static Policy policy(PolicyEntity row) {
        return new Policy(
                row.id,
                row.name,
                Schedule.parse(row.schedule, row.timeZone),
                row.keepLast,
                row.onUnreadable,
                row.lockDays,
                List.copyOf(row.machineIds),
                row.enabled);
    }

    private void checkName(String name, @Nullable UUID self) {
        rows.findByNameIgnoreCase(name.strip())
                .filter(other -> !other.id.equals(self))
                .ifPresent(other -> {
                    throw new NightjarException(
                                    HttpStatus.CONFLICT,
                                    "POLICY_NAME_TAKEN",
                                    "there is a policy called " + other.name + " already",
                                    "Choose another name, or edit that policy.")
                            .at("name");
                });
    }
}
