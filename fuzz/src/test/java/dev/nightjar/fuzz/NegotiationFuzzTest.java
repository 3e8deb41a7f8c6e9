package dev.nightjar.fuzz;

import dev.nightjar.nbd.client.handshake.ContextsMissingException;
import dev.nightjar.nbd.client.handshake.Handshake;
import dev.nightjar.nbd.client.handshake.HandshakeWire;
import dev.nightjar.nbd.client.handshake.Negotiated;
import dev.nightjar.nbd.client.handshake.PeerClosedException;
import dev.nightjar.nbd.client.handshake.RefusedException;
import dev.nightjar.nbd.client.handshake.Wanted;
import dev.nightjar.nbd.client.tls.TlsException;
import dev.nightjar.nbd.client.tls.TlsUse;
import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a server sends in the handshake. The first byte of the input says what is asked for: {@code u2 question · u2 mode · u2 contexts · u2 TLS};
 * the rest is the server's. It ends in an agreement that keeps to the rules, or in one of five named ways; nothing is waited for
 * that is larger than the limits.
 */
class NegotiationFuzzTest {

    private static final List<TlsUse> ENCRYPTION = List.of(TlsUse.NEVER, TlsUse.PREFERRED, TlsUse.REQUIRED);
    private static final String DIRTY = "qemu:dirty-bitmap:b0";

    static List<Path> seeds() {
        return Seeds.of(NegotiationFuzzTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everySeedEndsAsItShould(Path seed) {
        fuzzerTestOneInput(Seeds.read(seed));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int choice = input[0];
        Handshake handshake = new Handshake(
                new Wire(Unpooled.wrappedBuffer(input, 1, input.length - 1)), ENCRYPTION.get((choice >> 6 & 3) % 3));
        ReplyMode mode = RecordedRequests.MODES.get((choice >> 2 & 3) % 3);
        try {
            switch (choice & 3) {
                case 0 -> Oracle.require(handshake.list().size() <= 1 << 16, () -> "a list without end");
                case 1 ->
                    Oracle.require(
                            handshake.offeredContexts("vda", List.of()).size() <= 1024, () -> "contexts without end");
                case 2 -> check(handshake.describe("vda", mode), mode);
                default -> {
                    List<String> required = (choice >> 4 & 1) == 1 ? List.of(DIRTY) : List.of();
                    Negotiated agreed =
                            handshake.negotiate(new Wanted("vda", required, List.of("base:allocation"), mode));
                    check(agreed, mode);
                    Oracle.require(
                            agreed.contexts().values().containsAll(required), () -> "a required context is missing");
                }
            }
        } catch (ViolationException
                | RefusedException
                | PeerClosedException
                | ContextsMissingException
                | TlsException
                | EncryptedException named) {
            Oracle.require(
                    named.getMessage() != null && named.getMessage().length() < 10_000, () -> "an endless message");
        }
    }

    private static void check(Negotiated agreed, ReplyMode most) {
        Oracle.require(agreed.size() >= 0, () -> "a negative size");
        Oracle.require(agreed.mode().compareTo(most) <= 0, () -> "more than what was wanted");
        Oracle.require(
                agreed.mode() != ReplyMode.SIMPLE || agreed.contexts().isEmpty(), () -> "contexts with simple replies");
        Oracle.require(
                agreed.contexts().values().stream().distinct().count()
                        == agreed.contexts().size(),
                () -> "a context twice");
        long minimum = agreed.blockSizes().minimum();
        Oracle.require(
                Long.bitCount(minimum) == 1 && minimum <= Limits.MINIMUM_BLOCK_BYTES, () -> "minimum block " + minimum);
        Oracle.require(agreed.blockSizes().maximum() >= minimum, () -> "maximum below minimum");
    }

    /** The client went over to TLS, where the input ends. */
    private static final class EncryptedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EncryptedException() {
            super("encrypted");
        }
    }

    /** The recorded or invented server. */
    private record Wire(ByteBuf server) implements HandshakeWire {

        @Override
        public void send(Consumer<ByteBuf> encoder) {
            ByteBuf sent = Unpooled.buffer();
            encoder.accept(sent);
            Oracle.require(sent.readableBytes() <= Limits.OPTION_BYTES + 16, () -> "an option that no server takes");
        }

        @Override
        public <T> T receive(int bytes, Function<ByteBuf, T> decoder) {
            Oracle.require(bytes >= 0 && bytes <= Limits.OPTION_REPLY_BYTES, () -> "waits for " + bytes + " bytes");
            if (bytes > server.readableBytes()) {
                throw new PeerClosedException();
            }
            return decoder.apply(server.readSlice(bytes));
        }

        @Override
        public void greeted() {}

        @Override
        public void encrypt() {
            throw new EncryptedException();
        }
    }
}
