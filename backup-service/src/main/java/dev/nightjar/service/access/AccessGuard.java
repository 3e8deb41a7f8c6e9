package dev.nightjar.service.access;

import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.error.Failure;
import dev.nightjar.service.web.ProblemDetails;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps web pages of others away from a service that has no users yet: a request has to name a loopback host (against DNS rebinding), and a
 * write may come from the service's own pages only. Also sets the headers that keep the dashboard to itself.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class AccessGuard extends OncePerRequestFilter {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
    // Mantine sets styles from script; nothing else may come from anywhere else.
    private static final String CONTENT_POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
                    + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private final Set<String> hosts;
    private final JsonMapper json;

    AccessGuard(NightjarProperties properties, JsonMapper json) {
        this.hosts = Stream.concat(LOOPBACK.stream(), properties.access().hosts().stream())
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        setHeaders(response);
        if (!hosts.contains(request.getServerName().toLowerCase(Locale.ROOT))) {
            refuse(
                    response,
                    "FORBIDDEN_HOST",
                    "the request names the host " + request.getServerName(),
                    "Use http://127.0.0.1, or add the name to nightjar.access.hosts.");
        } else if (!SAFE_METHODS.contains(request.getMethod()) && !ownOrigin(request)) {
            refuse(
                    response,
                    "FORBIDDEN_ORIGIN",
                    "the request comes from a page of " + request.getHeader("Origin"),
                    "Only the service's own pages may change something.");
        } else {
            chain.doFilter(request, response);
        }
    }

    private boolean ownOrigin(HttpServletRequest request) {
        @Nullable String origin = request.getHeader("Origin");
        if (origin == null) {
            // Not a browser, or an old one, which then at least tells that the request is its own.
            @Nullable String site = request.getHeader("Sec-Fetch-Site");
            return site == null || site.equals("same-origin") || site.equals("none");
        }
        try {
            URI uri = URI.create(origin);
            return uri.getHost() != null
                    && hosts.contains(uri.getHost().toLowerCase(Locale.ROOT))
                    && port(uri) == request.getServerPort();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(URI uri) {
        if (uri.getPort() != -1) {
            return uri.getPort();
        }
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }

    private static void setHeaders(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", CONTENT_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    private void refuse(HttpServletResponse response, String code, String message, String hint) throws IOException {
        response.setStatus(HttpStatus.FORBIDDEN.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        json.writeValue(
                response.getOutputStream(), ProblemDetails.of(new Failure(HttpStatus.FORBIDDEN, code, message, hint)));
    }
}
