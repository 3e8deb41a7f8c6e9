package dev.nightjar.nbd.server.handshake;

/** What a server thinks of STARTTLS. */
public enum TlsStance {
    /** It is refused. */
    OFF,
    /** It is granted. */
    OFFERED,
    /** Nothing else is granted before it. */
    REQUIRED
}
