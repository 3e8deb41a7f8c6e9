package dev.nightjar.service.repository;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether the primary repository can be used.
 *
 * @param state how it stands
 * @param id the repository, if there is one
 * @param code the stable name of what is wrong, if something is
 * @param message what is wrong
 * @param hint what a person can do
 */
@Schema(name = "RepositoryStatus")
public record RepositoryStatus(
        State state,
        @Nullable UUID id,
        @Nullable String code,
        @Nullable String message,
        @Nullable String hint) {

    /** How it stands. */
    public enum State {
        /** It is open. */
        OPEN,
        /** It is locked: no content can be read or written. */
        LOCKED,
        /** It cannot be opened. */
        UNAVAILABLE,
        /** There is none yet. */
        NOT_CONFIGURED
    }

    /** Whether what the catalog knows of it can be seen. */
    public boolean opened() {
        return switch (state) {
            case OPEN, LOCKED -> true;
            case UNAVAILABLE, NOT_CONFIGURED -> false;
        };
    }
}
