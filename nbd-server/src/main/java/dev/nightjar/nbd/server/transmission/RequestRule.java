package dev.nightjar.nbd.server.transmission;

import dev.nightjar.nbd.protocol.Errno;

/** Why a request is refused while the connection lives on. The names are stable, and begin the text that the client gets. */
public enum RequestRule {
    COMMAND_UNKNOWN(Errno.EINVAL, "this command is not known here"),
    READ_ONLY(Errno.EPERM, "this export is read-only"),
    FLAG_UNKNOWN(Errno.EINVAL, "this command does not take this flag here"),
    PAYLOAD_UNEXPECTED(Errno.EINVAL, "this command carries no payload"),
    FLUSH_WITH_RANGE(Errno.EINVAL, "a flush has neither offset nor length"),
    OUT_OF_RANGE(Errno.EINVAL, "the range ends after the export does"),
    BEYOND_END(Errno.ENOSPC, "nothing can be written after the export's end"),
    UNALIGNED(Errno.EINVAL, "offset and length are multiples of the minimum block"),
    TOO_LONG(Errno.EINVAL, "a read or write stays within the maximum block"),
    TOO_LONG_FOR_ONE_CHUNK(Errno.EOVERFLOW, "a read that must not be fragmented stays within the maximum block"),
    STATUS_WITHOUT_CONTEXT(Errno.EINVAL, "block status needs a metadata context from the handshake"),
    STATUS_EMPTY(Errno.EINVAL, "block status of no bytes has no extent"),
    STATUS_FILTER_LAYOUT(Errno.EINVAL, "a block status filter is a length and between one and all contexts"),
    STATUS_FILTER_CONTEXT(Errno.EINVAL, "a block status filter names contexts from the handshake, each once"),
    STATUS_TOO_WIDE(Errno.EOVERFLOW, "this context's status needs extended headers"),
    NOT_FAST(Errno.ENOTSUP, "zeros are not faster than data here"),
    CACHE_NOT_OFFERED(Errno.ENOTSUP, "this export has no cache to fill"),
    EXPORT_CLOSING(Errno.ESHUTDOWN, "this export is going away");

    private final Errno errno;
    private final String rule;

    RequestRule(Errno errno, String rule) {
        this.errno = errno;
        this.rule = rule;
    }

    /** What the client gets. */
    public Errno errno() {
        return errno;
    }

    /** What the client is told. */
    public String message() {
        return name() + ": " + rule;
    }
}
