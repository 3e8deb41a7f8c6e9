package dev.nightjar.service.repository;

import dev.nightjar.service.error.Failure;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.repository.RepositoryView.Catalog;
import dev.nightjar.service.repository.RepositoryView.Contents;
import dev.nightjar.service.repository.RepositoryView.RepositoryError;
import dev.nightjar.service.repository.RepositoryView.State;
import dev.nightjar.service.repository.RepositoryView.Unlocking;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.RepositoryTotals;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Describes repositories, also those that cannot be opened. Thread-safe. */
@Component
class RepositoryViews {

    private final RepositoryProvider provider;
    private final ConfiguredRepository configured;
    private final KeptKeys keptKeys;

    RepositoryViews(RepositoryProvider provider, ConfiguredRepository configured, KeptKeys keptKeys) {
        this.provider = provider;
        this.configured = configured;
        this.keptKeys = keptKeys;
    }

    List<RepositoryView> all() {
        return provider.all().stream().map(this::of).toList();
    }

    /**
     * One of them.
     *
     * @throws NightjarException REPOSITORY_UNKNOWN
     */
    RepositoryView of(UUID id) {
        RepositoryRow row = provider.row(id);
        try {
            Repository repository = provider.get(id);
            boolean encrypted = RepositoryProvider.isEncrypted(repository);
            State state = repository.locked() ? State.LOCKED : State.OPEN;
            return view(row, state, null, encrypted, provider.opening(id).locksObjects(), contents(repository));
        } catch (StorageException | NightjarException e) {
            return view(row, State.UNAVAILABLE, RepositoryError.of(Failure.of(e)), null, null, null);
        }
    }

    private RepositoryView view(
            RepositoryRow row,
            State state,
            @Nullable RepositoryError error,
            @Nullable Boolean encrypted,
            @Nullable Boolean objectLock,
            @Nullable Contents contents) {
        return new RepositoryView(
                row.id(),
                row.name(),
                row.role(),
                row.place().kind(),
                row.place().text(),
                row.accessKey(),
                configured.isAt(row.place()),
                row.createdAt(),
                state,
                error,
                encrypted,
                unlocking(row, encrypted),
                objectLock,
                contents);
    }

    private Unlocking unlocking(RepositoryRow row, @Nullable Boolean encrypted) {
        if (Boolean.FALSE.equals(encrypted)) {
            return Unlocking.NOT_NEEDED;
        }
        if (keptKeys.has(row.id())) {
            return Unlocking.KEPT_KEY;
        }
        return row.primary() && configured.hasPassphraseFile() ? Unlocking.PASSPHRASE_FILE : Unlocking.BY_HAND;
    }

    private static Contents contents(Repository repository) {
        RepositoryTotals totals = repository.totals();
        return new Contents(
                repository.config().chunkSize().bytes(),
                repository.config().formatVersion(),
                totals.packs(),
                totals.storedBytes(),
                totals.points(),
                totals.chunks(),
                switch (repository.catalogState()) {
                    case MATCHES -> Catalog.MATCHES;
                    case NEEDS_REBUILD -> Catalog.NEEDS_REBUILD;
                });
    }
}
