package dev.nightjar.nbd.client.tls;

/** Whether a connection is to be encrypted. */
public enum TlsUse {
    /** In plain; STARTTLS is not sent. */
    NEVER,
    /** If the server agrees. This keeps listeners out, but nobody who can change what is sent: he can make the server seem to refuse. */
    PREFERRED,
    /** Or not at all. */
    REQUIRED
}
