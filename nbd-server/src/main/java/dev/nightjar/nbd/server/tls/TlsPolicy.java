package dev.nightjar.nbd.server.tls;

/** Whether connections are encrypted. */
public sealed interface TlsPolicy {

    /** Never: STARTTLS is refused. */
    record Off() implements TlsPolicy {}

    /** If the client asks for it. Protects nobody from an attacker on the line, who can hide that it is offered. */
    record Offered(TlsCredentials credentials) implements TlsPolicy {}

    /** Always: until a client has asked for it, every other option but ABORT is refused. */
    record Required(TlsCredentials credentials) implements TlsPolicy {}
}
