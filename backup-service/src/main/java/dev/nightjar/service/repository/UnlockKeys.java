package dev.nightjar.service.repository;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.key.Unlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What may unlock a repository without anybody. Immutable.
 *
 * @param found the keys that there are
 * @param failures why sources that there are could not be read; what they have may be found later
 */
record UnlockKeys(List<Unlock> found, List<String> failures) {

    /** Keeps copies. */
    UnlockKeys {
        found = List.copyOf(found);
        failures = List.copyOf(failures);
    }

    /** Asks each source, whatever the others say; one that is empty has no key. */
    static UnlockKeys of(List<Supplier<Optional<? extends Unlock>>> sources) {
        List<Unlock> found = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Supplier<Optional<? extends Unlock>> source : sources) {
            try {
                source.get().ifPresent(found::add);
            } catch (StorageException | NightjarException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        return new UnlockKeys(found, failures);
    }

    /** Whether every source could be read. */
    boolean complete() {
        return failures.isEmpty();
    }
}
