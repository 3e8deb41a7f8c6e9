package dev.nightjar.service.repository;

import dev.nightjar.service.repository.RepositoryRequests.Add;
import dev.nightjar.service.repository.RepositoryRequests.BucketCredentials;
import dev.nightjar.service.repository.RepositoryRequests.ChangePassphrase;
import dev.nightjar.service.repository.RepositoryRequests.Create;
import dev.nightjar.service.repository.RepositoryRequests.Created;
import dev.nightjar.service.repository.RepositoryRequests.FreshRecoveryKey;
import dev.nightjar.service.repository.RepositoryRequests.Probe;
import dev.nightjar.service.repository.RepositoryRequests.UnlockRequest;
import dev.nightjar.storage.key.RecoveryKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** All repositories over REST. */
@RestController
@RequestMapping(path = "/api/v1/repositories", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Repositories")
class RepositoriesController {

    private final RepositorySetUp setUp;
    private final RepositoryProvider provider;
    private final RepositoryProbing probing;
    private final RepositoryViews views;

    RepositoriesController(
            RepositorySetUp setUp, RepositoryProvider provider, RepositoryProbing probing, RepositoryViews views) {
        this.setUp = setUp;
        this.provider = provider;
        this.probing = probing;
        this.views = views;
    }

    @GetMapping
    @Operation(summary = "Every repository, the primary one first")
    List<RepositoryView> listRepositories() {
        return views.all();
    }

    @GetMapping("/{id}")
    @Operation(summary = "A repository's facts")
    RepositoryView getRepository(@PathVariable UUID id) {
        return views.of(id);
    }

    @GetMapping("/defaults")
    @Operation(summary = "What to suggest for a new repository")
    RepositorySetUp.Defaults repositoryDefaults() {
        return setUp.defaults();
    }

    @PostMapping("/probe")
    @Operation(summary = "Look what a place is and does before a repository is made there")
    PlaceView probePlace(@Valid @RequestBody Probe request) {
        return probing.probe(request.place().place());
    }

    @PostMapping("/recovery-keys")
    @Operation(
            summary =
                    "A fresh recovery key, to be kept before an encrypted repository is made with it; nothing remembers it")
    FreshRecoveryKey newRecoveryKey() {
        return new FreshRecoveryKey(RecoveryKey.generate(new SecureRandom()).text());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Make a repository in an empty place")
    Created createRepository(@Valid @RequestBody Create request) {
        return setUp.create(request);
    }

    @PostMapping("/add")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Add a repository that is there to the list")
    RepositoryView addRepository(@Valid @RequestBody Add request) {
        return setUp.add(request);
    }

    @PostMapping("/{id}/unlock")
    @Operation(summary = "Unlock a repository with its passphrase or its recovery key")
    RepositoryView unlockRepository(@PathVariable UUID id, @Valid @RequestBody UnlockRequest request) {
        provider.unlock(id, Passphrases.unlock(request.passphrase(), request.recoveryKey()), request.keepsKey());
        return views.of(id);
    }

    @PostMapping("/{id}/lock")
    @Operation(summary = "Forget a repository's key, a kept one too")
    RepositoryView lockRepository(@PathVariable UUID id) {
        provider.lock(id);
        return views.of(id);
    }

    @PutMapping("/{id}/passphrase")
    @Operation(summary = "Put another passphrase in force; nothing that is stored is rewritten")
    RepositoryView changePassphrase(@PathVariable UUID id, @Valid @RequestBody ChangePassphrase request) {
        provider.changePassphrase(
                id, Passphrases.unlock(request.currentPassphrase(), request.recoveryKey()), request.passphrase());
        return views.of(id);
    }

    @PutMapping("/{id}/credentials")
    @Operation(summary = "Give a bucket another access key")
    RepositoryView changeCredentials(@PathVariable UUID id, @Valid @RequestBody BucketCredentials request) {
        provider.setCredentials(id, PlaceSpec.Credentials.of(request.accessKey(), request.secretKey()));
        return views.of(id);
    }

    @PostMapping("/{id}/primary")
    @Operation(summary = "Let backups go to a repository from now on; the one before becomes a target of copies")
    RepositoryView makePrimary(@PathVariable UUID id) {
        setUp.makePrimary(id);
        return views.of(id);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Take a repository from the list; its files stay")
    void forgetRepository(@PathVariable UUID id) {
        provider.forget(id);
    }
}
