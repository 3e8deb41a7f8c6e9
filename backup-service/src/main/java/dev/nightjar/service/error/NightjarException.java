package dev.nightjar.service.error;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Something the service cannot or will not do: a stable code, what happened, what to do about it, and the HTTP status it answers with. */
public class NightjarException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final String hint;
    private final HttpStatus status;
    private final @Nullable String field;

    /** Something that went wrong in the service or below it; answers with 500. */
    public NightjarException(String code, String message, String hint) {
        this(HttpStatus.INTERNAL_SERVER_ERROR, code, message, hint, null);
    }

    /** Something that went wrong below the service; answers with 500. */
    public NightjarException(String code, String message, String hint, Throwable cause) {
        this(HttpStatus.INTERNAL_SERVER_ERROR, code, message, hint, cause);
    }

    /** A request that is answered with this status. */
    public NightjarException(HttpStatus status, String code, String message, String hint) {
        this(status, code, message, hint, null);
    }

    /**
     * The general form.
     *
     * @param status what HTTP says
     * @param code the stable name, upper case with underscores
     * @param message what happened, and where
     * @param hint what a person can do
     * @param cause what the layer below said
     */
    public NightjarException(HttpStatus status, String code, String message, String hint, @Nullable Throwable cause) {
        this(status, code, message, hint, cause, null);
    }

    private NightjarException(
            HttpStatus status,
            String code,
            String message,
            String hint,
            @Nullable Throwable cause,
            @Nullable String field) {
        super(message, cause);
        this.status = status;
        this.code = code;
        this.hint = hint;
        this.field = field;
    }

    /** The same, said of one field of the request. */
    public NightjarException at(String requestField) {
        return new NightjarException(status, code, String.valueOf(getMessage()), hint, getCause(), requestField);
    }

    /** There is no such thing. */
    public static NightjarException notFound(String code, String what, Object id) {
        return new NightjarException(
                HttpStatus.NOT_FOUND,
                code,
                "there is no " + what + " " + id,
                "It may have been deleted. Look at the list again.");
    }

    /** The stable name. */
    public String code() {
        return code;
    }

    /** What a person can do. */
    public String hint() {
        return hint;
    }

    /** The field of the request that it is about, if it is about one. */
    public @Nullable String field() {
        return field;
    }

    /** What HTTP says. */
    public HttpStatus status() {
        return status;
    }
}
