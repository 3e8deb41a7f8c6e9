package dev.nightjar.service.repository;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the API is asked to do with repositories. None of them prints a secret. */
final class RepositoryRequests {

    private RepositoryRequests() {}

    /**
     * A repository to make.
     *
     * @param name what people call it; null for a usual name
     * @param role what it is used for; null: the primary one if there is none yet, else a target
     * @param place where
     * @param encryption what opens it; null not to encrypt it
     */
    @Schema(name = "CreateRepository")
    record Create(
            @Nullable @Size(min = 1, max = 100) String name,
            @Nullable RepositoryRole role,
            @NotNull @Valid PlaceSpec place,
            @Nullable @Valid NewEncryption encryption) {}

    /**
     * What opens a repository that is to be encrypted.
     *
     * @param passphrase at least 12 characters
     * @param recoveryKey one that was generated before and is kept safe already; null to be given one with the answer
     * @param keepKey whether the key is kept here, so that this appliance unlocks the repository by itself
     */
    @Schema(name = "NewEncryption")
    record NewEncryption(
            @NotNull @Size(max = 1000) String passphrase,
            @Nullable @Size(max = 200) String recoveryKey,
            @Nullable Boolean keepKey) {

        /** Whether the key is kept here; if left out it is not. */
        boolean keepsKey() {
            return Boolean.TRUE.equals(keepKey);
        }

        @Override
        public String toString() {
            return "NewEncryption[secret]";
        }
    }

    /**
     * A repository that is there, to be added to the list.
     *
     * @param name what people call it; null for a usual name
     * @param role what it is used for; null: the primary one if there is none yet, else a target
     * @param place where
     * @param unlock what opens it; null to leave it locked, or if it is not encrypted
     */
    @Schema(name = "AddRepository")
    record Add(
            @Nullable @Size(min = 1, max = 100) String name,
            @Nullable RepositoryRole role,
            @NotNull @Valid PlaceSpec place,
            @Nullable @Valid UnlockRequest unlock) {}

    /**
     * A place to look at.
     *
     * @param place which
     */
    @Schema(name = "ProbePlace")
    record Probe(@NotNull @Valid PlaceSpec place) {}

    /**
     * What opens a repository: one of the two.
     *
     * @param passphrase the passphrase
     * @param recoveryKey or the recovery key
     * @param keepKey whether the key is kept here, so that this appliance unlocks the repository by itself
     */
    @Schema(name = "UnlockRepository")
    record UnlockRequest(
            @Nullable @Size(max = 1000) String passphrase,
            @Nullable @Size(max = 200) String recoveryKey,
            @Nullable Boolean keepKey) {

        /** Whether the key is kept here; if left out it is not. */
        boolean keepsKey() {
            return Boolean.TRUE.equals(keepKey);
        }

        @Override
        public String toString() {
            return "UnlockRequest[secret]";
        }
    }

    /**
     * A new passphrase.
     *
     * @param currentPassphrase the one that is in force
     * @param recoveryKey or the recovery key
     * @param passphrase the new one, at least 12 characters
     */
    @Schema(name = "ChangePassphrase")
    record ChangePassphrase(
            @Nullable @Size(max = 1000) String currentPassphrase,
            @Nullable @Size(max = 200) String recoveryKey,
            @NotNull @Size(max = 1000) String passphrase) {

        @Override
        public String toString() {
            return "ChangePassphrase[secret]";
        }
    }

    /**
     * Another access key of a bucket; neither to look where AWS's tools look.
     *
     * @param accessKey its name
     * @param secretKey its secret
     */
    @Schema(name = "BucketCredentials")
    record BucketCredentials(
            @Nullable @Size(max = 500) String accessKey,
            @Nullable @Size(max = 500) String secretKey) {

        @Override
        public String toString() {
            return "BucketCredentials[secret]";
        }
    }

    /**
     * A recovery key, fresh and used by nothing yet.
     *
     * @param recoveryKey to be kept before a repository is made with it
     */
    @Schema(name = "RecoveryKey")
    record FreshRecoveryKey(String recoveryKey) {}

    /**
     * A repository that was made.
     *
     * @param repository the repository
     * @param recoveryKey its recovery key, if it was not given with the request; it is shown this once
     * @param warnings what was noticed about the place
     */
    @Schema(name = "CreatedRepository")
    record Created(RepositoryView repository, @Nullable String recoveryKey, List<String> warnings) {}
}
