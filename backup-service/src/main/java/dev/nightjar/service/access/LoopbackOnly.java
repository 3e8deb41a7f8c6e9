package dev.nightjar.service.access;

import dev.nightjar.service.config.NightjarProperties;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/** Refuses to start on an address that others could reach, as long as there are no users and roles. */
@Component
class LoopbackOnly {

    LoopbackOnly(ServerProperties server, NightjarProperties properties) {
        @Nullable InetAddress address = server.getAddress();
        boolean loopback = address != null && address.isLoopbackAddress();
        if (!loopback && !properties.access().behindLoopbackProxy()) {
            throw new ListeningBeyondLoopbackException(address == null ? "every address" : address.getHostAddress());
        }
    }
}
