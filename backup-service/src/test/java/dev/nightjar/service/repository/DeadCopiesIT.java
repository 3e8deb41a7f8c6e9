package dev.nightjar.service.repository;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.service.run.RunEnded;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunState;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.SecondRepository;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestRuns;
import dev.nightjar.storage.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a run held in other repositories than the primary one, and is let go of although they cannot be opened: an ACTIVE lease keeps condemned packs from being deleted. */
@ServiceTest
class DeadCopiesIT {

    private final Rest rest;
    private final RepositoryProvider provider;
    private final ApplicationEventPublisher events;
    private final JdbcClient jdbc;
    private SecondRepository second;

    DeadCopiesIT(Rest rest, RepositoryProvider provider, ApplicationEventPublisher events, JdbcClient jdbc) {
        this.rest = rest;
        this.provider = provider;
        this.events = events;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void takeTargetAway() throws IOException {
        provider.get();
        second = new SecondRepository(rest);
        Files.move(second.directory(), second.directory().resolveSibling("away"));
        provider.opening(second.id()).close();
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> provider.get(second.id()));
    }

    @AfterEach
    void forgetTarget() {
        second.close();
    }

    @Test
    void aCopy() {
        UUID run = UUID.randomUUID();
        UUID lease = lease(second.id(), run + " to " + second.id());
        events.publishEvent(new RunEnded(TestRuns.ended(run, RunKind.COPY, RunState.INTERRUPTED)));
        awaitEnd(lease);
    }

    @Test
    void aHealingFromACopy() {
        UUID run = UUID.randomUUID();
        UUID reads = lease(second.id(), run + " reads " + provider.primary() + " from " + second.id());
        UUID heals = lease(provider.primary(), run + " heals " + provider.primary() + " from " + second.id());
        events.publishEvent(new RunEnded(TestRuns.ended(run, RunKind.SCRUB, RunState.INTERRUPTED)));
        awaitEnd(reads);
        awaitEnd(heals);
    }

    private UUID lease(UUID repository, String name) {
        UUID lease = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.US_ASCII));
        jdbc.sql("INSERT INTO catalog.lease (run, repository, epoch, state) VALUES (:run, :repository, 1, 'ACTIVE')")
                .param("run", lease)
                .param("repository", repository)
                .update();
        return lease;
    }

    private void awaitEnd(UUID lease) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> jdbc.sql("SELECT state FROM catalog.lease WHERE run = :run")
                        .param("run", lease)
                        .query(String.class)
                        .single()
                        .equals("ENDED"));
    }
}
