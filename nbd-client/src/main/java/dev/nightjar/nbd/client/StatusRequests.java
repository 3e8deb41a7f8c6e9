package dev.nightjar.nbd.client;

import dev.nightjar.nbd.client.extent.StatusSource;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Block status for one walk, over whichever connection has the least to do, and again when that was lost. Confined to one thread. */
final class StatusRequests implements StatusSource {

    private final Connections connections;
    private final Collection<String> contexts;
    private final boolean one;
    private final int attempts;
    private @Nullable NbdConnection answered;

    StatusRequests(Connections connections, Collection<String> contexts, boolean one, int attempts) {
        this.connections = connections;
        this.contexts = contexts;
        this.one = one;
        this.attempts = attempts;
    }

    @Override
    public StatusReply ask(long offset, long length) {
        for (int attempt = 0; ; attempt++) {
            NbdConnection connection = connections.acquire();
            answered = connection;
            try {
                return connection.status(offset, length, contexts, one);
            } catch (NbdException e) {
                if (attempt >= attempts || !connections.mayRepeat(e)) {
                    throw e;
                }
            }
        }
    }

    /** The last reply broke a rule: ends its connection, and returns what to throw. */
    RuntimeException poison(ViolationException violation) {
        return answered == null ? violation : answered.poison(violation);
    }
}
