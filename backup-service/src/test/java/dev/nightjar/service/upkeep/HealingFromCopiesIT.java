package dev.nightjar.service.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.SecondRepository;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.Repository;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** What a scrub finds damaged, and the repository itself has nowhere else, comes back from another repository that has the point. */
@ServiceTest
class HealingFromCopiesIT {

    private final Rest rest;
    private final RepositoryProvider provider;
    private SecondRepository second;
    private PointRecord point;
    private ByteBuffer content;
    private Set<Path> packs;

    HealingFromCopiesIT(Rest rest, RepositoryProvider provider) {
        this.rest = rest;
        this.provider = provider;
    }

    @BeforeEach
    void copyAPoint() throws IOException {
        Path primary = Path.of(provider.get().location());
        Set<Path> before = packs(primary);
        point = TestPoints.take(provider.get(), UUID.randomUUID(), Instant.now(), "vda")
                .getFirst();
        packs = new HashSet<>(packs(primary));
        packs.removeAll(before);
        content = read(provider.get());
        second = new SecondRepository(rest);
        assertThat(second.copyAll().path("state").asString()).isEqualTo("COMPLETE");
    }

    @AfterEach
    void forgetTarget() {
        second.close();
    }

    @Test
    void theRepositoryHealsFromItsCopies() throws IOException {
        for (Path pack : packs) {
            byte[] bytes = Files.readAllBytes(pack);
            bytes[bytes.length / 2] ^= 1;
            Files.delete(pack);
            Files.write(pack, bytes);
        }
        JsonNode run = scrub(provider.primary());
        assertHealed(run, second.directory());
        assertThat(run.path("phases").findValuesAsString("phase")).contains("SCRUBBING", "HEALING");
        assertThat(read(provider.get())).isEqualTo(content);
        assertThat(rest.get("/api/v1/repository/damage").expect(HttpStatus.OK).path("points"))
                .isEmpty();
        rest.get("/actuator/health").expect(HttpStatus.OK);
        assertThat(scrub(provider.primary()).path("healed")).isEmpty();
    }

    @Test
    void aCopyHealsFromTheRepositoryThatItWasMadeOf() throws IOException {
        for (Path pack : packs(second.directory())) {
            Files.delete(pack);
        }
        assertHealed(scrub(second.id()), Path.of(provider.get().location()));
        assertThat(read(provider.get(second.id()))).isEqualTo(content);
    }

    private static void assertHealed(JsonNode run, Path from) {
        assertThat(run.path("state").asString()).as("%s", run).isEqualTo("COMPLETE");
        JsonNode healed = run.path("healed").path(0);
        assertThat(healed.path("origin").asString()).isEqualTo("COPY");
        assertThat(healed.path("location").asString()).isEqualTo(from.toString());
        assertThat(healed.path("chunks").asInt()).isPositive();
    }

    private JsonNode scrub(UUID repository) {
        return second.ended(rest.post("/api/v1/repository/scrub?repositoryId=" + repository, "")
                .expect(HttpStatus.ACCEPTED));
    }

    private ByteBuffer read(Repository repository) {
        ByteBuffer bytes = ByteBuffer.allocate((int) point.sizeBytes());
        repository.reader(point.id()).read(0, bytes);
        return bytes.flip();
    }

    private static Set<Path> packs(Path repository) throws IOException {
        if (!Files.isDirectory(repository.resolve("packs"))) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(repository.resolve("packs"))) {
            return files.filter(Files::isRegularFile).collect(Collectors.toSet());
        }
    }
}
