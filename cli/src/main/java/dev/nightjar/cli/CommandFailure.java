package dev.nightjar.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot do what was asked: what happened, a stable code, and what to do about it. Immutable. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final CommandErrorCode code;
    private final String hint;

    public CommandFailure(CommandErrorCode code, String message, String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
    }

    public CommandFailure(CommandErrorCode code, String message, String hint) {
        this(code, message, hint, null);
    }

    public CommandErrorCode code() {
        return code;
    }

    /** One or two sentences. */
    public String hint() {
        return hint;
    }
}
