package dev.nightjar.nbd.server.handshake;

import dev.nightjar.nbd.protocol.OptionError;

/** Why an option is refused while the handshake goes on. The names are stable, and begin the text that the client gets. */
public enum OptionRule {
    TLS_FIRST(OptionError.TLS_REQUIRED, "this server wants STARTTLS before anything else"),
    TLS_NOT_OFFERED(OptionError.POLICY, "this server is not configured for TLS"),
    TLS_TWICE(OptionError.INVALID, "the connection is encrypted already"),
    OPTION_UNKNOWN(OptionError.UNSUPPORTED, "this option is not known here"),
    OPTION_LAYOUT(OptionError.INVALID, "the option's data does not have the layout of its kind"),
    STRUCTURED_TWICE(OptionError.INVALID, "structured replies were agreed on already"),
    STRUCTURED_AFTER_EXTENDED(
            OptionError.EXTENDED_HEADERS_REQUIRED, "extended headers were agreed on, and replies follow them"),
    EXTENDED_TWICE(OptionError.INVALID, "extended headers were agreed on already"),
    CONTEXTS_UNSTRUCTURED(OptionError.INVALID, "metadata contexts need structured replies or extended headers first"),
    EXPORT_UNKNOWN(OptionError.UNKNOWN_EXPORT, "there is no export of this name"),
    EXPORT_UNAVAILABLE(OptionError.UNKNOWN_EXPORT, "the export cannot be opened"),
    BLOCK_SIZES_IGNORED(OptionError.BLOCK_SIZE_REQUIRED, "this export's requests are aligned: ask for its block sizes"),
    SERVER_CLOSING(OptionError.SHUTDOWN, "this server is shutting down");

    private final OptionError error;
    private final String rule;

    OptionRule(OptionError error, String rule) {
        this.error = error;
        this.rule = rule;
    }

    /** What the reply is. */
    public OptionError error() {
        return error;
    }

    /** What the client is told. */
    public String message() {
        return name() + ": " + rule;
    }
}
