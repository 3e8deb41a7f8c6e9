package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.client.handshake.DescribeExchange.Opened;
import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.ExportNameReply;
import dev.nightjar.nbd.protocol.Greeting;
import dev.nightjar.nbd.protocol.Option;
import dev.nightjar.nbd.protocol.OptionCode;
import dev.nightjar.nbd.protocol.OptionError;

/** Ends the handshake as the oldest newstyle servers know it. They cannot refuse: they hang up on an unknown export. */
final class ExportNameExchange {

    private final HandshakeWire wire;

    ExportNameExchange(HandshakeWire wire) {
        this.wire = wire;
    }

    Opened open(String export, Greeting greeting) {
        wire.send(new Option.ExportName(export)::encode);
        ExportNameReply reply;
        try {
            reply = wire.receive(ExportNameReply.BYTES, ExportNameReply::decode);
        } catch (PeerClosedException e) {
            RefusedException refused = new RefusedException(
                    OptionCode.EXPORT_NAME, OptionError.UNKNOWN_EXPORT, "it closed the connection");
            refused.initCause(e);
            throw refused;
        }
        if (!greeting.noZeroes()) {
            wire.receive(ExportNameReply.ZEROES, zeroes -> zeroes.skipBytes(ExportNameReply.ZEROES));
        }
        return new Opened(reply, BlockSizes.UNKNOWN, "");
    }
}
