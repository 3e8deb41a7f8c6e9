package dev.nightjar.service.export;

import dev.nightjar.service.repository.RepositoryUse;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Open exports keep the repository from being locked: their machines would lose their disks. Thread-safe. */
@Component
class ExportUse implements RepositoryUse {

    private final Exports exports;

    ExportUse(Exports exports) {
        this.exports = exports;
    }

    @Override
    public Optional<String> current() {
        long open = exports.served();
        return open == 0 ? Optional.empty() : Optional.of(open + (open == 1 ? " export is open" : " exports are open"));
    }
}
