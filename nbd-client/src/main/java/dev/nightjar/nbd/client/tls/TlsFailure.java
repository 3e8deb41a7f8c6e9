package dev.nightjar.nbd.client.tls;

/** Why encryption did not come about. The names are stable. */
public enum TlsFailure {
    /** A certificate or key cannot be read, or they do not belong together. */
    SETTINGS("Check the files of the TLS settings."),
    /** The server does not speak TLS, and it is required. */
    NOT_OFFERED(
            "Serve the export with TLS (qemu-nbd --tls-creds, nbdkit --tls=require), or use nbd:// where the network is trusted."),
    /** The server lets nobody in without TLS. */
    DEMANDED("Use nbds:// or nbds+unix://, and name the certificate authority."),
    /** Nobody whom we trust vouches for the server's certificate. */
    UNTRUSTED("Name the certificate authority that signed the server's certificate (ca-cert.pem)."),
    /** The server's certificate is for another name. */
    NAME_MISMATCH("Name the host that the certificate is for (tls-hostname), or give the server one for its name."),
    /** The server's certificate was good once. */
    EXPIRED("Renew the server's certificate."),
    /** The server's certificate will be good some day. */
    NOT_YET_VALID("Check the clocks of both sides."),
    /** The server wants to know who we are. */
    CLIENT_CERTIFICATE_REQUIRED("Give this client a certificate (client-cert.pem and client-key.pem)."),
    /** The server does not accept our certificate. */
    CLIENT_CERTIFICATE_REFUSED(
            "Use a client certificate that the server's certificate authority has signed and that is still valid."),
    /** The server speaks nothing newer than TLS 1.1. */
    VERSION("Bring the server to TLS 1.2 or newer."),
    /** Anything else. */
    HANDSHAKE("Look into the server's log.");

    private final String hint;

    TlsFailure(String hint) {
        this.hint = hint;
    }

    /** What a person can do about it. */
    public String hint() {
        return hint;
    }
}
