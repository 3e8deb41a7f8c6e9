package dev.nightjar.service.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/**
 * What the service answered.
 *
 * @param status the HTTP status
 * @param headers the headers
 * @param body the JSON body, or a missing node
 */
public record Answer(int status, HttpHeaders headers, JsonNode body) {

    /** The body of an answer with this status. */
    public JsonNode expect(HttpStatus expected) {
        assertThat(status).as("status of %s", body).isEqualTo(expected.value());
        return body;
    }

    /** Expects a complete problem with this status and code. */
    public JsonNode expectProblem(HttpStatus expected, String code) {
        assertThat(body.path("code").asString(""))
                .as("code of %s %s", status, body)
                .isEqualTo(code);
        assertThat(status).isEqualTo(expected.value());
        assertThat(headers.firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(body.path("status").asInt()).isEqualTo(status);
        assertThat(body.path("title").asString("")).isNotBlank();
        assertThat(body.path("detail").asString("")).as("detail").isNotBlank();
        assertThat(body.path("hint").asString("")).as("hint").isNotBlank();
        return body;
    }
}
