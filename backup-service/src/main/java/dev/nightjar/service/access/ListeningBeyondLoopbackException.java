package dev.nightjar.service.access;

/** The service was told to listen where others could reach it. */
final class ListeningBeyondLoopbackException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ListeningBeyondLoopbackException(String address) {
        super("server.address is " + address + ", but whoever reaches the service may do everything");
    }
}
