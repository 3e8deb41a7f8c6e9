package dev.nightjar.service.overview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.repository.RepositoryProvider;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import dev.nightjar.service.testing.TestPoints;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

@ServiceTest
class LastSuccessAgeIT {

    private static final Offset<Double> ABOUT = Offset.offset(120.0);

    private final LastSuccessAge metric;
    private final RepositoryProvider repository;
    private final Rest rest;

    LastSuccessAgeIT(LastSuccessAge metric, RepositoryProvider repository, Rest rest) {
        this.metric = metric;
        this.repository = repository;
        this.rest = rest;
    }

    @Test
    void itIsTheAgeOfTheNewestPointOrOfTheMachineWhileItHasNone() {
        String name = "age-" + UUID.randomUUID();
        UUID machine = UUID.fromString(rest.post("/api/v1/machines", """
                        {"name": "%s", "source": {"type": "nbd", "disks": [{"name": "vda", "uri": "nbd://host/vda"}]}}""".formatted(name))
                .expect(HttpStatus.CREATED)
                .path("id")
                .asString());
        metric.refresh();
        assertThat(age(name)).hasValueCloseTo(0.0, ABOUT);

        TestPoints.take(repository.get(), machine, Instant.now().minus(Duration.ofHours(30)), "vda");
        TestPoints.take(repository.get(), machine, Instant.now().minus(Duration.ofHours(54)), "vda");
        metric.refresh();
        assertThat(age(name)).hasValueCloseTo((double) Duration.ofHours(30).toSeconds(), ABOUT);

        rest.delete("/api/v1/machines/" + machine).expect(HttpStatus.NO_CONTENT);
        metric.refresh();
        assertThat(age(name)).isEmpty();
    }

    private OptionalDouble age(String machine) {
        return rest.text("/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith("nightjar_machine_last_success_age_seconds{"))
                .filter(line -> line.contains("machine=\"" + machine + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst();
    }
}
