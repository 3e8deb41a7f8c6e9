package dev.nightjar.service.source;

import dev.nightjar.nbd.client.NbdClient;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.client.Reconnect;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A disk's export, and which metadata contexts came of it. As thread-safe as the client.
 *
 * @param client its connections
 * @param allocation whether {@code base:allocation} was granted; without it everything counts as data
 * @param dirtyContext the dirty context that was granted, or null
 */
public record OpenExport(
        NbdClient client, boolean allocation, @Nullable String dirtyContext) implements AutoCloseable {

    /** What the names of dirty contexts begin with. */
    public static final String DIRTY_PREFIX = "qemu:dirty-bitmap:";

    /** Bit of {@code base:allocation}: reads as zeros. */
    public static final long ZERO = 2;

    /** Bit of a dirty context. */
    public static final long DIRTY = 1;

    /**
     * Connects; blocks. A server that lacks {@code base:allocation} is taken as it is.
     *
     * @param dirtyContext the dirty context that is wanted, or null
     * @param required whether to fail if the server does not have it; else it is left out
     * @throws dev.nightjar.nbd.client.NbdException {@code CONTEXT_MISSING} if a required dirty context was not granted, and whatever
     *     else opening throws; nothing stays open
     */
    public static OpenExport open(NbdUri uri, @Nullable String dirtyContext, boolean required) {
        // A view that broke meanwhile is found out in any case: the bytes of a run count only if it is whole after the
        // last of them.
        NbdOptions options = NbdOptions.defaults().withReconnect(Reconnect.whileFrozen(() -> true));
        if (dirtyContext != null) {
            options = required
                    ? options.withContexts(dirtyContext)
                    : options.withOptionalContexts(NbdOptions.BASE_ALLOCATION, dirtyContext);
        }
        NbdClient client = NbdClient.open(uri, options);
        Set<String> granted = client.export().contexts();
        boolean dirty = dirtyContext != null && granted.contains(dirtyContext);
        return new OpenExport(client, granted.contains(NbdOptions.BASE_ALLOCATION), dirty ? dirtyContext : null);
    }

    @Override
    public void close() {
        client.close();
    }
}
