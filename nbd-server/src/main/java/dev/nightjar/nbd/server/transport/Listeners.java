package dev.nightjar.nbd.server.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The sockets that a server listens on, the connections accepted there, and the threads that serve them. */
public final class Listeners implements AutoCloseable {

    private static final int BACKLOG = 128;
    private static final long LAST_SECONDS = 5;

    private final ChannelInitializer<Channel> clients;
    private final EventLoopGroup loops;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final List<Channel> listening = new ArrayList<>();
    private final List<UnixSocketFile> files = new ArrayList<>();
    private final List<SocketAddress> addresses = new ArrayList<>();

    private Listeners(ChannelInitializer<Channel> clients) {
        Epoll.ensureAvailability();
        this.clients = clients;
        this.loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("nbd-server", true),
                EpollIoHandler.newFactory());
    }

    /**
     * Listens; blocks for a moment.
     *
     * @throws IOException if one of the addresses cannot be had; nothing is left open then
     */
    public static Listeners open(List<SocketAddress> where, ChannelInitializer<Channel> clients) throws IOException {
        Listeners listeners = new Listeners(clients);
        try {
            for (SocketAddress address : where) {
                listeners.listen(address);
            }
            return listeners;
        } catch (IOException | RuntimeException e) {
            listeners.close();
            throw e;
        }
    }

    private void listen(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            UnixSocketFile file = UnixSocketFile.prepare(unix.getPath());
            files.add(file);
            var _ = bind(
                    EpollServerDomainSocketChannel.class,
                    new DomainSocketAddress(file.bindAt().toFile()),
                    address);
            file.publish();
            addresses.add(address);
        } else {
            Channel channel = bind(EpollServerSocketChannel.class, address, address);
            addresses.add(channel.localAddress());
        }
    }

    private Channel bind(Class<? extends ServerChannel> type, SocketAddress address, SocketAddress named)
            throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, ServerBuffers.allocator())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.pipeline().addLast(clients);
                    }
                });
        if (address instanceof DomainSocketAddress) {
            // A unix socket has no such option.
            bootstrap.option(ChannelOption.SO_REUSEADDR, null);
        } else {
            bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
            // A client whose machine has vanished gives its place back some day.
            bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new IOException("cannot listen on " + named + ": " + cause.getMessage(), cause);
        }
        listening.add(bound.channel());
        return bound.channel();
    }

    /** In the order of what was asked for, with the ports that were free. */
    public List<SocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Accepts nobody any more; connections live on. Idempotent. */
    public void stopListening() {
        listening.forEach(channel -> channel.close().awaitUninterruptibly());
        files.forEach(UnixSocketFile::remove);
    }

    /** Closes all connections and ends the threads; blocks for a moment. Idempotent. */
    @Override
    public void close() {
        stopListening();
        connections.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, LAST_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
