package dev.nightjar.nbd.client.tls;

import io.netty.handler.ssl.NotSslRecordException;

/** Tells bytes that never were TLS from TLS that failed. */
public final class TlsRecords {

    private TlsRecords() {}

    /** Whether what came was not a record of TLS at all; BoringSSL takes its first bytes for a wrong version. */
    public static boolean missing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotSslRecordException
                    || String.valueOf(cause.getMessage()).contains("WRONG_VERSION_NUMBER")) {
                return true;
            }
        }
        return false;
    }
}
