package dev.nightjar.service.machine;

import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.run.RunHistory;
import dev.nightjar.service.source.SourceSpec;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** The machines that are protected. Thread-safe; every method is a transaction. */
@Service
@Transactional
public class Machines {

    private final MachineRows rows;
    private final RunHistory runs;
    private final JsonMapper json;
    private final Clock clock;

    Machines(MachineRows rows, RunHistory runs, JsonMapper json, Clock clock) {
        this.rows = rows;
        this.runs = runs;
        this.json = json;
        this.clock = clock;
    }

    /** All of them, by name. */
    @Transactional(readOnly = true)
    public List<Machine> all() {
        return rows.findAllByOrderByName().stream().map(this::machine).toList();
    }

    /**
     * One of them.
     *
     * @throws NightjarException MACHINE_NOT_FOUND
     */
    @Transactional(readOnly = true)
    public Machine get(UUID id) {
        return machine(row(id));
    }

    /** One of them, if it is still there. */
    @Transactional(readOnly = true)
    public Optional<Machine> find(UUID id) {
        return rows.findById(id).map(this::machine);
    }

    Machine add(MachineRequest request) {
        checkName(request.name(), null);
        checkAddresses(request.source());
        checkDisks(request.source());
        MachineEntity row = new MachineEntity();
        row.id = UUID.randomUUID();
        row.createdAt = clock.instant();
        return save(row, request);
    }

    Machine change(UUID id, MachineRequest request) {
        MachineEntity row = row(id);
        checkName(request.name(), id);
        checkAddresses(request.source());
        checkDisks(request.source());
        return save(row, request);
    }

    void remove(UUID id) {
        MachineEntity row = row(id);
        if (runs.active(id)) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "MACHINE_BUSY",
                    "a run of " + row.name + " is active",
                    "Wait for it to end, or cancel it. The machine's recovery points stay in any case.");
        }
        rows.delete(row);
    }

    private Machine save(MachineEntity row, MachineRequest request) {
        row.name = request.name().strip();
        row.description = request.description();
        // The declared type makes the document carry the kind of source.
        row.source = json.writerFor(SourceSpec.class).writeValueAsString(request.source());
        return machine(rows.save(row));
    }

    private MachineEntity row(UUID id) {
        return rows.findById(id).orElseThrow(() -> NightjarException.notFound("MACHINE_NOT_FOUND", "machine", id));
    }

    private Machine machine(MachineEntity row) {
        return new Machine(
                row.id, row.name, row.description, json.readValue(row.source, SourceSpec.class), row.createdAt);
    }

    private void checkName(String name, @Nullable UUID self) {
        rows.findByNameIgnoreCase(name.strip())
                .filter(other -> !other.id.equals(self))
                .ifPresent(other -> {
                    throw new NightjarException(
                                    HttpStatus.CONFLICT,
                                    "MACHINE_NAME_TAKEN",
                                    "there is a machine called " + other.name + " already",
                                    "Choose another name, or edit that machine.")
                            .at("name");
                });
    }

    // Only whether they can be meant; whether something answers there is for the probe and the run to find out.
    private static void checkAddresses(SourceSpec source) {
        switch (source) {
            case SourceSpec.NbdSource nbd -> nbd.disks().forEach(disk -> NbdUri.parse(disk.uri()));
            case SourceSpec.QmpSource qmp -> {
                if (qmp.nbdServer() != null) {
                    NbdUri.parse(qmp.nbdServer());
                }
            }
        }
    }

    private static void checkDisks(SourceSpec source) {
        List<String> names = switch (source) {
            case SourceSpec.NbdSource nbd ->
                nbd.disks().stream().map(SourceSpec.NbdDisk::name).toList();
            case SourceSpec.QmpSource qmp -> qmp.disks();
        };
        boolean doubled = names.stream()
                .collect(Collectors.groupingBy(name -> name.toLowerCase(Locale.ROOT), Collectors.counting()))
                .values()
                .stream()
                .anyMatch(count -> count > 1);
        if (doubled) {
            throw new NightjarException(
                            HttpStatus.BAD_REQUEST,
                            "DISK_NAME_DOUBLED",
                            "two disks of the machine have the same name",
                            "Give each disk a name of its own: it tells the machine's recovery points apart.")
                    .at("source.disks");
        }
    }
}
