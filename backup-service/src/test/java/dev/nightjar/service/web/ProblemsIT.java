package dev.nightjar.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.testing.Answer;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;

/** Every failed answer is a problem with a code, wherever it fails. */
@ServiceTest
class ProblemsIT {

    private final Rest rest;

    ProblemsIT(Rest rest) {
        this.rest = rest;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/nothing", "/api/v2/machines", "/api/v1/runs/1/2/3", "/api", "/v3/nothing"})
    void anUnknownPathOfTheApiIsAProblem(String path) {
        rest.get(path).expectProblem(HttpStatus.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void anUnknownPathThatIsPostedToIsAProblem() {
        rest.post("/api/v1/nothing", "{}").expectProblem(HttpStatus.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void aWrongMethodIsAProblemThatNamesTheRightOnes() {
        Answer answer = rest.delete("/api/v1/runs");
        answer.expectProblem(HttpStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED");
        assertThat(answer.headers().firstValue("Allow"))
                .hasValueSatisfying(allow -> assertThat(allow).contains("GET"));
    }

    @Test
    void aWrongAcceptIsAProblem() {
        rest.get("/api/v1/runs", "Accept", "image/png").expectProblem(HttpStatus.NOT_ACCEPTABLE, "NOT_ACCEPTABLE");
    }

    @Test
    void aParameterThatCannotBeReadIsAProblem() {
        rest.get("/api/v1/runs?page=first").expectProblem(HttpStatus.BAD_REQUEST, "INVALID_REQUEST");
        rest.get("/api/v1/runs?machineId=7").expectProblem(HttpStatus.BAD_REQUEST, "INVALID_REQUEST");
    }

    @Test
    void aFailureOutsideOfAnyControllerIsAProblem() {
        rest.get("/error").expectProblem(HttpStatus.NOT_FOUND, "NOT_FOUND");
    }

    @Test
    void aPathThatTheServerItselfRefusesIsNoPage() {
        Answer answer = rest.get("/api/v1/%2e%2e%2f%2e%2e%2fetc/passwd");
        assertThat(answer.status()).isEqualTo(HttpStatus.BAD_REQUEST.value());
    }

    @Test
    void aPageOfTheDashboardIsServedForItsRoutes() {
        for (String path : new String[] {"/", "/machines", "/runs/some-run"}) {
            Answer answer = rest.get(path);
            assertThat(answer.status()).as(path).isEqualTo(HttpStatus.OK.value());
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        }
        assertThat(rest.get("/no-such-file.js").status()).isEqualTo(HttpStatus.NOT_FOUND.value());
    }
}
