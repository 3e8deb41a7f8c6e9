package dev.nightjar.service.repository;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.repository.RepositoryRequests.Add;
import dev.nightjar.service.repository.RepositoryRequests.Create;
import dev.nightjar.service.repository.RepositoryRequests.Created;
import dev.nightjar.service.repository.RepositoryRequests.NewEncryption;
import dev.nightjar.service.repository.RepositoryRequests.UnlockRequest;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import io.swagger.v3.oas.annotations.media.Schema;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Makes and adds repositories as somebody asks for it. Thread-safe. */
@Component
class RepositorySetUp {

    private final RepositoryProvider provider;
    private final RepositoryFounding founding;
    private final RepositoryProbing probing;
    private final RepositoryViews views;
    private final ConfiguredRepository configured;
    private final RepositoryRows rows;

    RepositorySetUp(
            RepositoryProvider provider,
            RepositoryFounding founding,
            RepositoryProbing probing,
            RepositoryViews views,
            ConfiguredRepository configured,
            RepositoryRows rows) {
        this.provider = provider;
        this.founding = founding;
        this.probing = probing;
        this.views = views;
        this.configured = configured;
        this.rows = rows;
    }

    /**
     * What to suggest for a new repository.
     *
     * @param directory where one goes unless somebody chooses another place
     * @param minPassphrase shortest passphrase that is accepted, in characters
     */
    @Schema(name = "RepositoryDefaults")
    record Defaults(String directory, int minPassphrase) {}

    Defaults defaults() {
        return new Defaults(configured.standardDirectory().toString(), NewKeys.MIN_PASSPHRASE);
    }

    /**
     * Makes a repository.
     *
     * @throws NightjarException PASSPHRASE_TOO_SHORT, REPOSITORY_IS_CONFIGURED and what {@link RepositoryFounding#create} throws; nothing is left then
     */
    Created create(Create request) {
        Place place = request.place().place();
        NewEncryption encryption = request.encryption();
        RecoveryKey given = encryption == null || encryption.recoveryKey() == null
                ? null
                : RecoveryKey.parse(encryption.recoveryKey());
        RecoveryKey recoveryKey = given == null ? RecoveryKey.generate(new SecureRandom()) : given;
        NewKeys keys = encryption == null
                ? null
                : new NewKeys(Passphrases.require(encryption.passphrase(), "encryption.passphrase"), recoveryKey);
        RepositoryRole role = role(request.role());
        PlaceView seen = probing.probe(place);
        UUID id = founding.create(name(request.name()), role, place, keys, encryption != null && encryption.keepsKey());
        if (keys != null) {
            provider.unlock(id, new Unlock.Recovery(recoveryKey), false);
        }
        String shown = keys == null || given != null ? null : recoveryKey.text();
        return new Created(views.of(id), shown, seen.warnings());
    }

    /**
     * Adds a repository that is there.
     *
     * @throws NightjarException REPOSITORY_IS_CONFIGURED and what {@link RepositoryFounding#take} throws
     */
    RepositoryView add(Add request) {
        UnlockRequest asked = request.unlock();
        Unlock unlock =
                asked == null ? new Unlock.Nothing() : Passphrases.unlock(asked.passphrase(), asked.recoveryKey());
        UUID id = founding.take(
                name(request.name()),
                role(request.role()),
                request.place().place(),
                unlock,
                asked != null && asked.keepsKey());
        if (asked != null) {
            provider.unlock(id, unlock, false);
        }
        return views.of(id);
    }

    /**
     * Makes another repository the primary one.
     *
     * @throws NightjarException REPOSITORY_IS_CONFIGURED, REPOSITORY_BUSY, REPOSITORY_UNKNOWN
     * @throws StorageException what keeps it from being opened; nothing has changed then
     */
    void makePrimary(UUID id) {
        requireNotConfigured();
        provider.requireIdle();
        provider.get(id);
        rows.makePrimary(id);
    }

    private void requireNotConfigured() {
        if (configured.place().isPresent()) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "REPOSITORY_IS_CONFIGURED",
                    "the service's configuration says which repository is the primary one",
                    "Change nightjar.repository there.");
        }
    }

    private RepositoryRole role(@Nullable RepositoryRole wanted) {
        if (wanted == RepositoryRole.PRIMARY) {
            requireNotConfigured();
        }
        Optional<UUID> primary = provider.findPrimary();
        if (wanted == RepositoryRole.PRIMARY && primary.isPresent()) {
            provider.requireIdle();
        }
        return wanted == null ? (primary.isEmpty() ? RepositoryRole.PRIMARY : RepositoryRole.TARGET) : wanted;
    }

    private String name(@Nullable String wanted) {
        if (wanted != null && !wanted.isBlank()) {
            return wanted.strip();
        }
        return provider.all().isEmpty()
                ? RepositoryFounding.FIRST_NAME
                : RepositoryFounding.FIRST_NAME + " " + (provider.all().size() + 1);
    }
}
