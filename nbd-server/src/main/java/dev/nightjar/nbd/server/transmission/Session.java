package dev.nightjar.nbd.server.transmission;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.nbd.server.export.Tally;
import java.util.List;

/**
 * What the requests of one connection are about.
 *
 * @param contexts in the order in which block status answers; empty if the client chose none
 */
public record Session(
        ServedDisk disk, BlockSizes blockSizes, ReplyMode mode, List<StatusContext> contexts, Tally tally) {

    public Session {
        contexts = List.copyOf(contexts);
    }
}
