package dev.nightjar.service.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an operator can set about this node. Immutable.
 *
 * @param name what people call it; unset: the host's name
 * @param deadAfter how long a node may be silent before the others take it for dead; the same on all nodes
 */
@ConfigurationProperties("nightjar.node")
record NodeProperties(
        @Nullable String name, @DefaultValue("30s") Duration deadAfter) {

    NodeProperties {
        if (deadAfter.compareTo(Node.BEAT.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException(
                    "nightjar.node.dead-after is " + deadAfter + ", and has to be 3 s at least");
        }
    }

    /** What it is called. */
    String nameOrHost() {
        if (name != null && !name.isBlank()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
