package dev.nightjar.service.web;

import dev.nightjar.service.error.Failure;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** Builds the problem details that the API answers with. */
public final class ProblemDetails {

    private ProblemDetails() {}

    /** The failure as a problem. */
    public static ProblemDetail of(Failure failure) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(failure.status(), failure.message());
        problem.setProperty("code", failure.code());
        problem.setProperty("hint", failure.hint());
        return problem;
    }

    /** Gives a problem that the framework made the code and hint that all problems have. */
    static void complete(ProblemDetail problem, HttpStatusCode status) {
        Map<String, Object> properties = problem.getProperties();
        if (properties != null && properties.containsKey("code")) {
            return;
        }
        HttpStatus known = HttpStatus.resolve(status.value());
        problem.setProperty("code", known == null ? "HTTP_" + status.value() : known.name());
        problem.setProperty("hint", "See the API's description at /swagger-ui.html.");
    }
}
