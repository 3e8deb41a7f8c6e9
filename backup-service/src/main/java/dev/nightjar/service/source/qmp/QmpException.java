package dev.nightjar.service.source.qmp;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Something that did not work at a machine under QMP: what, where, a stable code, and what to do. Immutable. */
public final class QmpException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final QmpErrorCode code;
    private final String hint;
    private final @Nullable String errorClass;

    /** With what happened, and what a person can do about it. */
    public QmpException(QmpErrorCode code, String message, String hint) {
        this(code, message, hint, null, null);
    }

    private QmpException(
            QmpErrorCode code, String message, String hint, @Nullable String errorClass, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
        this.errorClass = errorClass;
    }

    /** The stable name of the error. */
    public QmpErrorCode reason() {
        return code;
    }

    /** What a person can do about it. */
    public String hint() {
        return hint;
    }

    /** Whether QEMU does not know the command at all. */
    boolean commandUnknown() {
        return "CommandNotFound".equals(errorClass);
    }

    /** The same failure with the stack of whoever meets it now. */
    QmpException again() {
        return new QmpException(code, String.valueOf(getMessage()), hint, errorClass, this);
    }

    static QmpException unreachable(Path socket, Throwable cause) {
        return new QmpException(
                QmpErrorCode.QMP_UNREACHABLE,
                "Cannot connect to QMP at " + socket + ": " + cause.getMessage(),
                "Check that the machine runs, that the path is the one of its QMP socket, and that the service may open it.",
                null,
                cause);
    }

    static QmpException silent(Path socket) {
        return new QmpException(
                QmpErrorCode.QMP_UNREACHABLE,
                "QMP at " + socket + " accepts the connection but says nothing",
                "QEMU serves one client a monitor socket: end the other one, or give Nightjar a monitor of its own.");
    }

    static QmpException refused(String command, JsonNode error) {
        String errorClass = error.path("class").asString("GenericError");
        return new QmpException(
                QmpErrorCode.QMP_COMMAND_FAILED,
                "QEMU refused " + command + ": " + error.path("desc").asString(errorClass),
                "What QEMU says names the cause; the machine was left as it was before the run.",
                errorClass,
                null);
    }

    static QmpException timedOut(Path socket, String what, Duration limit) {
        return new QmpException(
                QmpErrorCode.QMP_TIMED_OUT,
                "QMP at " + socket + " did not finish " + what + " within " + limit.toSeconds() + " s",
                "Look whether the machine hangs, for example on storage that does not answer.");
    }

    static QmpException disconnected(Path socket, @Nullable Throwable cause) {
        return new QmpException(
                QmpErrorCode.QMP_DISCONNECTED,
                "The QMP connection to " + socket + " is over" + (cause == null ? "" : ": " + cause.getMessage()),
                "Look whether the machine was stopped or restarted; what the run left there is removed by the next one.",
                null,
                cause);
    }

    static QmpException interrupted(Path socket, InterruptedException cause) {
        return new QmpException(
                QmpErrorCode.QMP_DISCONNECTED,
                "Interrupted while waiting for QMP at " + socket,
                "Run it again.",
                null,
                cause);
    }

    static QmpException violation(Path socket, String what, @Nullable Throwable cause) {
        String shown = what.length() > 300 ? what.substring(0, 300) + "…" : what;
        return new QmpException(
                QmpErrorCode.QMP_PROTOCOL_VIOLATION,
                "What " + socket + " sent is not QMP: " + shown,
                "Check that the path is the one of a QMP socket, not of a human monitor, a guest agent or an NBD server.",
                null,
                cause);
    }
}
