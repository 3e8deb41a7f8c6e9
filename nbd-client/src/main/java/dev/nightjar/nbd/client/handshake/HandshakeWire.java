package dev.nightjar.nbd.client.handshake;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import java.util.function.Function;

/** The bytes of a handshake, in both directions. Blocks; used by one thread. Its own time limit ends every wait. */
public interface HandshakeWire {

    /** Sends what the encoder writes. */
    void send(Consumer<ByteBuf> encoder);

    /**
     * Waits for exactly this many bytes and decodes them. The buffer is valid during the call only.
     *
     * @param bytes bounded by the caller before it asks
     * @throws PeerClosedException if the server closed the connection first
     */
    <T> T receive(int bytes, Function<ByteBuf, T> decoder);

    /** The greeting has come; from now on the time limit is that of the negotiation. */
    void greeted();

    /**
     * Goes over to TLS for all that follows; blocks until its handshake is done.
     *
     * @throws dev.nightjar.nbd.protocol.ViolationException if the server has already sent something in plain
     * @throws dev.nightjar.nbd.client.tls.TlsException if it fails
     */
    void encrypt();
}
