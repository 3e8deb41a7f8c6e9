package dev.nightjar.service.web;

import dev.nightjar.service.error.Failure;
import dev.nightjar.service.error.NightjarException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.databind.DatabindException;

/** Every failure of a request as problem+json (RFC 9457) with a stable code and a hint. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** The client went away in the middle of an answer: nobody is left to tell. */
    @Override
    protected @Nullable ResponseEntity<Object> handleAsyncRequestNotUsableException(
            AsyncRequestNotUsableException gone, WebRequest request) {
        LOG.debug("client went away", gone);
        return null;
    }

    @ExceptionHandler(RuntimeException.class)
    ResponseEntity<ProblemDetail> failure(RuntimeException thrown) {
        Failure failure = Failure.of(thrown);
        if (failure.unexpected()) {
            LOG.error("a request failed", thrown);
        }
        ProblemDetail problem = ProblemDetails.of(failure);
        if (thrown instanceof NightjarException refusal && refusal.field() != null) {
            problem.setProperty("fieldErrors", List.of(new FieldProblem(refusal.field(), failure.message())));
        }
        return answer(failure.status(), problem);
    }

    @ExceptionHandler(MethodArgumentTypeMismatchException.class)
    ResponseEntity<ProblemDetail> mismatch(MethodArgumentTypeMismatchException thrown) {
        return answer(
                HttpStatus.BAD_REQUEST,
                ProblemDetails.of(new Failure(
                        HttpStatus.BAD_REQUEST,
                        "INVALID_REQUEST",
                        "'" + thrown.getValue() + "' is not a valid " + thrown.getName(),
                        "See the API's description for what it may be.")));
    }

    @Override
    protected ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException thrown, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<FieldProblem> fields = thrown.getBindingResult().getFieldErrors().stream()
                .map(error -> new FieldProblem(error.getField(), String.valueOf(error.getDefaultMessage())))
                .toList();
        ProblemDetail problem = ProblemDetails.of(new Failure(
                HttpStatus.BAD_REQUEST,
                "INVALID_REQUEST",
                fields.isEmpty()
                        ? "the request is not valid"
                        : fields.getFirst().field() + " " + fields.getFirst().message(),
                "Correct the fields that are named."));
        problem.setProperty("fieldErrors", fields);
        return new ResponseEntity<>(problem, problemHeaders(), HttpStatus.BAD_REQUEST);
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException thrown, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Throwable cause = thrown.getCause();
        String what = cause instanceof DatabindException databind ? databind.getOriginalMessage() : "it is not JSON";
        ProblemDetail problem = ProblemDetails.of(new Failure(
                HttpStatus.BAD_REQUEST,
                "MALFORMED_BODY",
                "the body cannot be read: " + what,
                "Send JSON as the API's description at /swagger-ui.html shows it."));
        return new ResponseEntity<>(problem, problemHeaders(), HttpStatus.BAD_REQUEST);
    }

    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception thrown, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        // The framework's own exceptions carry their problem with them.
        Object answer = body == null && thrown instanceof ErrorResponse response ? response.getBody() : body;
        HttpHeaders answerHeaders = new HttpHeaders();
        answerHeaders.putAll(headers);
        if (answer instanceof ProblemDetail problem) {
            ProblemDetails.complete(problem, status);
            answerHeaders.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        }
        return new ResponseEntity<>(answer, answerHeaders, status);
    }

    private static ResponseEntity<ProblemDetail> answer(HttpStatusCode status, ProblemDetail problem) {
        return new ResponseEntity<>(problem, problemHeaders(), status);
    }

    private static HttpHeaders problemHeaders() {
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return headers;
    }
}
