package dev.nightjar.nbd.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;

/**
 * Makes a channel speak to one client: counts it, closes it at once if it is one too many, and begins the handshake otherwise. Works
 * on any channel, also on one without socket.
 */
public final class ClientInitializer extends ChannelInitializer<Channel> {

    private final ServerContext server;
    private final int mostClients;

    public ClientInitializer(ServerContext server, int mostClients) {
        this.server = server;
        this.mostClients = mostClients;
    }

    @Override
    protected void initChannel(Channel channel) {
        boolean room = server.tally().enter(mostClients);
        channel.closeFuture().addListener(_ -> server.tally().leave());
        if (room) {
            channel.pipeline().addLast("handshake", new HandshakeHandler(server));
        } else {
            server.tally().ended(ServerTally.Ending.TOO_MANY_CLIENTS);
            var _ = channel.close();
        }
    }
}
