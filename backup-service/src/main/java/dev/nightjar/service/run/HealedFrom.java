package dev.nightjar.service.run;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Where chunks that were damaged in a repository came from.
 *
 * @param origin what still had them
 * @param location where that is; null unless it is another repository
 * @param chunks how many chunks and map nodes can be read again because of it
 */
@Schema(name = "HealedFrom")
public record HealedFrom(Origin origin, @Nullable String location, long chunks) {

    /** What still had damaged chunks. */
    public enum Origin {
        /** The repository itself: sound parts of damaged packs, packs that are condemned, and the trash. */
        REPOSITORY,
        /** A copy in another repository. */
        COPY,
        /** The machine's disk, by a backup. */
        SOURCE
    }
}
