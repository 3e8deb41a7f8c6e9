package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.client.tls.TlsException;
import dev.nightjar.nbd.client.tls.TlsFailure;
import dev.nightjar.nbd.client.tls.TlsUse;
import dev.nightjar.nbd.protocol.Greeting;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionReply;

/**
 * Begins TLS by STARTTLS, as the first of all options: whatever was negotiated before it would not count. Where TLS is required,
 * anything but an acknowledgement ends the handshake.
 */
final class EncryptionExchange {

    private final HandshakeWire wire;
    private final OptionExchange options;

    EncryptionExchange(HandshakeWire wire, OptionExchange options) {
        this.wire = wire;
        this.options = options;
    }

    /** Returns whether the connection is encrypted now. */
    boolean begin(TlsUse use, Greeting greeting) {
        return switch (use) {
            case NEVER -> false;
            case PREFERRED -> greeting.fixedNewstyle() && refused() == null;
            case REQUIRED -> {
                if (!greeting.fixedNewstyle()) {
                    throw new TlsException(
                            TlsFailure.NOT_OFFERED,
                            "the server's handshake is too old for TLS, which is required",
                            null);
                }
                OptionReply.Refusal refusal = refused();
                if (refusal != null) {
                    throw new TlsException(
                            TlsFailure.NOT_OFFERED,
                            "the server refused TLS, which is required: %s %s"
                                    .formatted(refusal.error(), refusal.message()),
                            null);
                }
                yield true;
            }
        };
    }

    /** Begins TLS, or returns why the server does not. */
    private OptionReply.@org.jspecify.annotations.Nullable Refusal refused() {
        OptionReply.Refusal refusal =
                options.ask(new Option.Plain(OptionCode.STARTTLS)).refusal();
        if (refusal == null) {
            wire.encrypt();
        }
        return refusal;
    }
}
