package dev.nightjar.nbd.client.transport;

import dev.nightjar.nbd.client.handshake.HandshakeWire;
import dev.nightjar.nbd.client.handshake.Negotiated;
import dev.nightjar.nbd.client.tls.TlsContext;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A connected socket, TCP or unix: first it carries the handshake, then, once, it begins transmission. */
public final class Link implements AutoCloseable {

    /** Pooled without thread caches for callers, in arenas of 16 MiB so that reads of any usual size come from the pool. */
    private static final PooledByteBufAllocator ALLOCATOR = new PooledByteBufAllocator(
            true,
            0,
            2,
            8192,
            11,
            PooledByteBufAllocator.defaultSmallCacheSize(),
            PooledByteBufAllocator.defaultNormalCacheSize(),
            false);

    private final Channel channel;
    private final ReceiveBuffers receiveBuffers;
    private final WireHandler wire;
    private final TimeLimits limits;

    private Link(Channel channel, ReceiveBuffers receiveBuffers, WireHandler wire, TimeLimits limits) {
        this.channel = channel;
        this.receiveBuffers = receiveBuffers;
        this.wire = wire;
        this.limits = limits;
    }

    /** Where all connections take their buffers from; tests look for what was not given back. */
    static PooledByteBufAllocator allocator() {
        return ALLOCATOR;
    }

    /**
     * Connects; blocks until that is done.
     *
     * @param address resolved, or a unix socket
     * @param tls how to encrypt when the handshake comes to it; null if it never does
     * @throws ConnectFailedException if nobody listens there
     * @throws TimeLimitException if nobody answers
     */
    @SuppressWarnings("deprecation") // Netty 4.2 deprecates RCVBUF_ALLOCATOR and has nothing in its place
    public static Link connect(SocketAddress address, TimeLimits limits, @Nullable TlsContext tls) {
        boolean unix = address instanceof DomainSocketAddress;
        ReceiveBuffers receiveBuffers = new ReceiveBuffers();
        WireHandler wire = new WireHandler(limits, tls);
        Bootstrap bootstrap = new Bootstrap()
                .group(EventLoops.shared())
                .channel(unix ? EpollDomainSocketChannel.class : EpollSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        limits.connect().toMillis())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOCATOR, ALLOCATOR)
                .option(ChannelOption.RCVBUF_ALLOCATOR, receiveBuffers)
                .handler(wire);
        if (!unix) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true);
        }
        ChannelFuture connecting = bootstrap.connect(address);
        try {
            connecting.await();
        } catch (InterruptedException e) {
            var _ = connecting.channel().close();
            Thread.currentThread().interrupt();
            throw new ConnectionLostException("interrupted while connecting", e);
        }
        Throwable cause = connecting.cause();
        if (cause instanceof ConnectTimeoutException) {
            throw new TimeLimitException("connecting", limits.connect());
        }
        if (cause != null) {
            throw new ConnectFailedException(reason(cause), cause);
        }
        wire.begin();
        return new Link(connecting.channel(), receiveBuffers, wire, limits);
    }

    /** Netty appends the address to the message of the operating system; callers know it. */
    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        int address = message.indexOf(": /");
        return address < 0 ? message : message.substring(0, address);
    }

    /** For the handshake, used by one thread; ends when transmission begins. */
    public HandshakeWire wire() {
        return wire;
    }

    /**
     * Goes over to transmission.
     *
     * @param translation what becomes of an exception before a request's future gets it
     * @param maximumInFlight requests at a time
     * @throws ConnectionLostException if the server has hung up behind the handshake
     */
    public Transmission begin(Negotiated negotiated, UnaryOperator<RuntimeException> translation, int maximumInFlight) {
        wire.refuseLeftovers();
        if (wire.encrypted()) {
            receiveBuffers.expectCiphertext();
        }
        Transmission transmission = new Transmission(
                channel, negotiated.mode(), receiveBuffers, translation, limits.request(), maximumInFlight);
        takeOver(transmission.handler());
        return transmission;
    }

    /**
     * A socket that is closed empties its pipeline at any time, also while this goes on: only its future always tells. It tells
     * before the pipeline may have said why; that comes first.
     */
    private void takeOver(TransmissionHandler handler) {
        try {
            channel.pipeline().replace(wire, "transmission", handler);
        } catch (NoSuchElementException e) {
            throw new ConnectionLostException("the server closed the connection", e);
        }
        var _ = channel.closeFuture().addListener(_ -> channel.eventLoop().execute(handler::closed));
        channel.config().setAutoRead(true);
    }

    /** Closes the socket, without a farewell. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        wire.release();
    }
}
