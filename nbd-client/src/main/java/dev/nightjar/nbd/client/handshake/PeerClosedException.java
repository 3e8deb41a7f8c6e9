package dev.nightjar.nbd.client.handshake;

/** The server closed the connection in the middle of the handshake. */
public final class PeerClosedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PeerClosedException() {
        super("the server closed the connection during the handshake");
    }
}
