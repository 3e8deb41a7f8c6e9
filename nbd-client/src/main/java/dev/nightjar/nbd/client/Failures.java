package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.handshake.ContextsMissingException;
import dev.nightjar.nbd.client.handshake.PeerClosedException;
import dev.nightjar.nbd.client.handshake.RefusedException;
import dev.nightjar.nbd.client.tls.TlsException;
import dev.nightjar.nbd.client.tls.TlsFailure;
import dev.nightjar.nbd.client.transmission.RequestFailedException;
import dev.nightjar.nbd.client.transport.ConnectFailedException;
import dev.nightjar.nbd.client.transport.ConnectionLostException;
import dev.nightjar.nbd.client.transport.TimeLimitException;
import dev.nightjar.nbd.protocol.ViolationException;

/** Turns what the layers below threw into an error that a person can act on. One for each connection; immutable. */
final class Failures {

    private static final int MESSAGE_LIMIT = 300;

    private final NbdUri uri;

    Failures(NbdUri uri) {
        this.uri = uri;
    }

    /** What is not one of ours, such as a programming error, stays as it is. */
    RuntimeException translate(RuntimeException failure) {
        return switch (failure) {
            case ViolationException e ->
                error(
                        NbdErrorCode.PROTOCOL_VIOLATION,
                        e,
                        "",
                        "The server or something between broke the NBD protocol; check that it is an NBD server and up to date.");
            case TlsException e ->
                error(NbdErrorCode.TLS_FAILED, e, "", e.failure().hint());
            case RefusedException e -> refused(e);
            case ContextsMissingException e ->
                error(
                        NbdErrorCode.CONTEXT_MISSING,
                        e,
                        "",
                        "Check that the bitmap exists and is exported with the disk; without it only a full read is possible.");
            case RequestFailedException e -> requestFailed(e);
            case TimeLimitException e ->
                error(
                        NbdErrorCode.TIMED_OUT,
                        e,
                        "",
                        "The server may be overloaded, or at its limit of clients (qemu-nbd serves one unless told -e).");
            case ConnectFailedException e ->
                error(
                        NbdErrorCode.UNREACHABLE,
                        e,
                        "",
                        "Check that the server runs, listens there, and that no firewall is between.");
            case ConnectionLostException e -> lost(e);
            case PeerClosedException e -> lost(e);
            default -> failure;
        };
    }

    private NbdException lost(RuntimeException e) {
        return error(NbdErrorCode.CLOSED, e, "", "Look into the server's log for why it hung up, then try again.");
    }

    private NbdException refused(RefusedException e) {
        String said = e.serverMessage();
        return switch (e.error()) {
            case UNKNOWN_EXPORT ->
                error(NbdErrorCode.EXPORT_UNKNOWN, e, said, "List the server's exports and check the name in the URI.");
            case TLS_REQUIRED ->
                error(
                        NbdErrorCode.TLS_FAILED,
                        new TlsException(TlsFailure.DEMANDED, "the server lets nobody in without TLS", e),
                        said,
                        TlsFailure.DEMANDED.hint());
            case POLICY, BLOCK_SIZE_REQUIRED, EXTENDED_HEADERS_REQUIRED ->
                error(NbdErrorCode.REFUSED_BY_POLICY, e, said, "Check who the server lets in.");
            case SHUTDOWN -> error(NbdErrorCode.CLOSED, e, said, "The server is shutting down; try again later.");
            case UNSUPPORTED, INVALID, PLATFORM, TOO_BIG, OTHER ->
                error(NbdErrorCode.UNSUPPORTED, e, said, "The server cannot do what is needed; a newer one may.");
        };
    }

    private NbdException requestFailed(RequestFailedException e) {
        String said = e.serverMessage();
        return switch (e.errno()) {
            case EIO, ENOMEM ->
                error(NbdErrorCode.IO_ERROR, e, said, "Check the disk behind the export, and the server's log.");
            case ENOSPC -> error(NbdErrorCode.NO_SPACE, e, said, "Make room where the server keeps the disk.");
            case EPERM ->
                error(NbdErrorCode.REFUSED_BY_POLICY, e, said, "The export may be read-only; check how it is served.");
            case ESHUTDOWN -> error(NbdErrorCode.CLOSED, e, said, "The server is shutting down; try again later.");
            case EINVAL, EOVERFLOW, ENOTSUP ->
                error(NbdErrorCode.UNSUPPORTED, e, said, "The server cannot do this request.");
        };
    }

    NbdException error(NbdErrorCode code, RuntimeException cause, String serverMessage, String hint) {
        String said = serverMessage.isBlank() ? "" : " (the server says: " + printable(serverMessage) + ")";
        return new NbdException(code, uri + ": " + printable(String.valueOf(cause.getMessage())) + said, hint, cause);
    }

    /** A server's words go into logs and pages: no control characters, and not too many. */
    private static String printable(String text) {
        String clean = text.strip().replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
        return clean.length() <= MESSAGE_LIMIT ? clean : clean.substring(0, MESSAGE_LIMIT) + "…";
    }
}
