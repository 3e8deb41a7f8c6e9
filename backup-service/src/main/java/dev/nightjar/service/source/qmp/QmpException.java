package dev.nightjar.service.source.qmp;

import dev.nightjar.service.error.NightjarException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** Something that did not work at a machine under QMP: what, where, a stable code, and what to do. Immutable. */
public final class QmpException extends NightjarException {

    private static final long serialVersionUID = 1L;

    private final QmpErrorCode reason;

    /** With what happened, and what a person can do about it. */
    public QmpException(QmpErrorCode reason, String message, String hint) {
        this(reason, message, hint, null);
    }

    private QmpException(QmpErrorCode reason, String message, String hint, @Nullable Throwable cause) {
        super(status(reason), reason.name(), message, hint, cause);
        this.reason = reason;
    }

    /** The stable name of the error, of which {@link #code} is the text. */
    public QmpErrorCode reason() {
        return reason;
    }

    /** The same failure with the stack of whoever meets it now. */
    QmpException again() {
        return new QmpException(reason, String.valueOf(getMessage()), hint(), this);
    }

    static QmpException unreachable(Path socket, Throwable cause) {
        return new QmpException(
                QmpErrorCode.QMP_UNREACHABLE,
                "Cannot connect to QMP at " + socket + ": " + cause.getMessage(),
                "Check that the machine runs, that the path is the one of its QMP socket, and that the service may open it.",
                cause);
    }

    static QmpException silent(Path socket) {
        return new QmpException(
                QmpErrorCode.QMP_UNREACHABLE,
                "QMP at " + socket + " accepts the connection but says nothing",
                "QEMU serves one client a monitor socket: end the other one, or give Nightjar a monitor of its own.");
    }

    static QmpException refused(String command, JsonNode error) {
        return new QmpException(
                QmpErrorCode.QMP_COMMAND_FAILED,
                "QEMU refused " + command + ": " + error.path("desc").asString("without a reason"),
                "What QEMU says names the cause; the machine was left as it was before the run.");
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
                cause);
    }

    static QmpException interrupted(Path socket, InterruptedException cause) {
        return new QmpException(
                QmpErrorCode.QMP_DISCONNECTED,
                "Interrupted while waiting for QMP at " + socket,
                "Run it again.",
                cause);
    }

    static QmpException violation(Path socket, String what, @Nullable Throwable cause) {
        String shown = what.length() > 300 ? what.substring(0, 300) + "…" : what;
        return new QmpException(
                QmpErrorCode.QMP_PROTOCOL_VIOLATION,
                "What " + socket + " sent is not QMP: " + shown,
                "Check that the path is the one of a QMP socket, not of a human monitor, a guest agent or an NBD server.",
                cause);
    }

    // A machine that does not answer is not the client's fault, nor ours.
    private static HttpStatus status(QmpErrorCode reason) {
        return switch (reason) {
            case QMP_DISK_UNKNOWN, QMP_NO_DISKS, QMP_DISK_UNNAMED, QMP_NBD_SERVER_BUSY, QMP_UNSUPPORTED ->
                HttpStatus.UNPROCESSABLE_CONTENT;
            case SCRATCH_UNUSABLE, SCRATCH_SPACE_LOW -> HttpStatus.INSUFFICIENT_STORAGE;
            case QMP_TIMED_OUT -> HttpStatus.GATEWAY_TIMEOUT;
            case QMP_UNREACHABLE, QMP_COMMAND_FAILED, QMP_PROTOCOL_VIOLATION, QMP_DISCONNECTED, FROZEN_VIEW_BROKEN ->
                HttpStatus.BAD_GATEWAY;
        };
    }
}
