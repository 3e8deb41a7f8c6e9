package dev.nightjar.service.export;

import dev.nightjar.service.error.NightjarException;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** What is written down about exports. Thread-safe; every method is a transaction. */
@Component
class ExportStore {

    private final ExportRows rows;

    ExportStore(ExportRows rows) {
        this.rows = rows;
    }

    /** All of them, newest first, wherever they stand. */
    List<ExportEntity> all() {
        return rows.findAllByOrderByCreatedAtDesc();
    }

    /** Gives exports of releases that knew no nodes to a data directory. */
    void adopt(UUID home) {
        rows.adopt(home);
    }

    /** Those whose overlays lie in that data directory. */
    List<ExportEntity> of(UUID home) {
        return all().stream().filter(row -> home.equals(row.home)).toList();
    }

    /** Gives an export to another node's data directory; false if somebody else did so first. */
    boolean give(ServedDiskFacts facts, UUID home) {
        return rows.move(facts.id(), facts.home(), home) == 1;
    }

    boolean isTaken(String name) {
        return rows.existsByName(name);
    }

    /**
     * Writes down that an export is being opened; whoever does so first has its name.
     *
     * @throws NightjarException EXPORT_NAME_TAKEN
     */
    void begin(ServedDiskFacts facts) {
        try {
            rows.saveAndFlush(facts.row(ExportState.OPENING));
        } catch (DataIntegrityViolationException e) {
            throw nameTaken(facts.name());
        }
    }

    void move(ServedDiskFacts facts, ExportState state) {
        rows.saveAndFlush(facts.row(state));
    }

    void delete(UUID id) {
        rows.deleteById(id);
    }

    static NightjarException nameTaken(String name) {
        return new NightjarException(
                HttpStatus.CONFLICT,
                "EXPORT_NAME_TAKEN",
                "there is an export named " + name + " already",
                "Choose another name, or close that export.");
    }
}
