package dev.nightjar.service.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.Stores.OpenStore;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.RepositoryOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ServiceTest
class OpenRepositoryIT {

    private static final Unlock PASSPHRASE = new Unlock.Passphrase("correct horse battery");
    private static final UnlockKeys NONE = new UnlockKeys(List.of(), List.of());
    private static final UnlockKeys UNREADABLE = new UnlockKeys(List.of(), List.of("input/output error"));
    private static final UnlockKeys THERE = new UnlockKeys(List.of(PASSPHRASE), List.of());

    @TempDir
    private Path directory;

    private final DataSource database;
    private Supplier<UnlockKeys> keys = () -> NONE;
    private int asked;
    private long nanos = Long.MAX_VALUE - 1;
    private OpenRepository repository;

    OpenRepositoryIT(DataSource database) {
        this.database = database;
    }

    @BeforeEach
    void create() {
        DirectoryBlobStore blobs = DirectoryBlobStore.create(directory);
        NewKeys secrets = new NewKeys("correct horse battery", RecoveryKey.generate(new SecureRandom()));
        UUID id;
        try (Repository created =
                Repository.create(blobs, RepositoryOptions.defaults().encrypted(secrets), database)) {
            id = created.config().repositoryId();
        }
        repository = new OpenRepository(id, () -> new OpenStore(blobs, () -> {}), this::keys, database, () -> nanos);
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void aKeyThatCouldNotBeReadIsTriedAgainAfterAWhile() {
        keys = () -> UNREADABLE;
        Repository locked = repository.get();
        assertThat(locked.locked()).isTrue();
        keys = () -> THERE;
        assertThat(repository.get()).isSameAs(locked);
        pass(Duration.ofSeconds(4));
        assertThat(repository.get()).isSameAs(locked);
        assertThat(asked).isEqualTo(1);

        pass(Duration.ofSeconds(1));
        Repository unlocked = repository.get();
        assertThat(unlocked.locked()).isFalse();
        assertThat(locked.points())
                .as("whoever has it still uses the locked one")
                .isEmpty();

        pass(Duration.ofDays(1));
        assertThat(repository.get()).isSameAs(unlocked);
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void itIsTriedAgainAsOftenAsItFails() {
        keys = () -> UNREADABLE;
        repository.get();
        for (int time = 1; time <= 3; time++) {
            pass(Duration.ofSeconds(5));
            assertThat(repository.get().locked()).isTrue();
            assertThat(repository.get().locked()).isTrue();
            assertThat(asked).isEqualTo(1 + time);
        }
    }

    @Test
    void whatKeepsItFromBeingUnlockedIsNotToldToWhoeverNeedsIt() {
        keys = () -> UNREADABLE;
        Repository locked = repository.get();
        keys = () -> {
            throw new IllegalStateException("no database");
        };
        pass(Duration.ofSeconds(5));
        assertThat(repository.get()).isSameAs(locked);
        keys = () -> THERE;
        assertThat(repository.get()).isSameAs(locked);
        pass(Duration.ofSeconds(5));
        assertThat(repository.get().locked()).isFalse();
    }

    @Test
    void aRepositoryWithoutAKeyStaysLocked() {
        repository.get();
        keys = () -> THERE;
        pass(Duration.ofDays(1));
        assertThat(repository.get().locked()).isTrue();
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void whatSomebodyLocksStaysLocked() {
        keys = () -> UNREADABLE;
        repository.get();
        repository.lock();
        keys = () -> THERE;
        pass(Duration.ofDays(1));
        assertThat(repository.get().locked()).isTrue();
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void whatSomebodyUnlocksAndLocksStaysLocked() {
        keys = () -> UNREADABLE;
        repository.get();
        repository.unlock(PASSPHRASE);
        repository.lock();
        keys = () -> THERE;
        pass(Duration.ofDays(1));
        assertThat(repository.get().locked()).isTrue();
        assertThat(asked).isEqualTo(1);
    }

    private UnlockKeys keys() {
        asked++;
        return keys.get();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
