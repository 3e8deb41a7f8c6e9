package dev.nightjar.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.testing.Answer;
import dev.nightjar.service.testing.Rest;
import dev.nightjar.service.testing.ServiceTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;

@ServiceTest
class AccessGuardIT {

    private final Rest rest;

    AccessGuardIT(Rest rest) {
        this.rest = rest;
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.7", "[::2]"})
    void aForeignHostIsRefused(String host) throws IOException {
        for (String path : new String[] {"/api/v1/runs", "/", "/actuator/health", "/v3/api-docs"}) {
            assertThat(raw(path, host + ":" + rest.port()))
                    .startsWith("HTTP/1.1 403")
                    .containsIgnoringCase("content-type: application/problem+json")
                    .contains("\"code\":\"FORBIDDEN_HOST\"", "\"hint\":");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "[::1]"})
    void aLoopbackHostIsServed(String host) throws IOException {
        assertThat(raw("/api/v1/runs", host + ":" + rest.port())).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://evil.example", "null", "http://127.0.0.1:1", "http://evil.example:%d", "not an origin"})
    void aWriteFromAForeignPageIsRefused(String origin) {
        String header = origin.formatted(rest.port());
        rest.post("/api/v1/runs/x/cancel", "", "Origin", header)
                .expectProblem(HttpStatus.FORBIDDEN, "FORBIDDEN_ORIGIN");
        rest.delete("/api/v1/points/x", "Origin", header).expectProblem(HttpStatus.FORBIDDEN, "FORBIDDEN_ORIGIN");
    }

    @Test
    void aWriteThatTheBrowserCallsCrossSiteIsRefused() {
        for (String site : new String[] {"cross-site", "same-site"}) {
            rest.post("/api/v1/runs/x/cancel", "", "Sec-Fetch-Site", site)
                    .expectProblem(HttpStatus.FORBIDDEN, "FORBIDDEN_ORIGIN");
        }
    }

    @Test
    void aWriteFromTheOwnPagesPasses() {
        for (String host : new String[] {"127.0.0.1", "localhost", "[::1]"}) {
            // 400: it got past the guard.
            rest.post("/api/v1/runs/x/cancel", "", "Origin", "http://" + host + ":" + rest.port())
                    .expectProblem(HttpStatus.BAD_REQUEST, "INVALID_REQUEST");
        }
        rest.post("/api/v1/runs/x/cancel", "", "Sec-Fetch-Site", "same-origin")
                .expectProblem(HttpStatus.BAD_REQUEST, "INVALID_REQUEST");
    }

    @Test
    void everyAnswerCarriesTheSecurityHeaders() {
        for (String path : new String[] {"/", "/api/v1/runs", "/api/v1/nothing", "/actuator/health"}) {
            Answer answer = rest.get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(
                            policy -> assertThat(policy).contains("default-src 'self'", "frame-ancestors 'none'"));
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(answer.headers().firstValue("Cross-Origin-Resource-Policy"))
                    .hasValue("same-origin");
        }
    }

    // Java's HTTP client does not let callers choose the Host header.
    private String raw(String path, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rest.port())) {
            socket.setSoTimeout(30_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
