package dev.nightjar.fuzz;

import dev.nightjar.nbd.client.transmission.Exchange;
import dev.nightjar.nbd.client.transmission.InFlight;
import dev.nightjar.nbd.client.transmission.ReplyReader;
import dev.nightjar.nbd.client.transmission.RequestFailedException;
import dev.nightjar.nbd.protocol.Limits;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a server sends in transmission, in answer to some requests; see {@link RecordedRequests} for the input. Whatever it is: every request ends,
 * once, with its answer, its failure or a named violation; memory stays within what the requests and the limits allow; nothing is left behind.
 */
class DecoderFuzzTest {

    /** Block status and error payloads that are held while they come. */
    private static final long PAYLOADS = 8 + 16L * Limits.STATUS_DESCRIPTORS + Limits.ERROR_PAYLOAD_BYTES + 64;

    static List<Path> seeds() {
        return Seeds.of(DecoderFuzzTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everySeedEndsAsItShould(Path seed) {
        fuzzerTestOneInput(Seeds.read(seed));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        RecordedRequests requests = RecordedRequests.read(Unpooled.wrappedBuffer(input));
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        AtomicInteger answered = new AtomicInteger();
        InFlight inFlight = new InFlight(failure -> failure, answered::incrementAndGet);
        ReplyReader reader = new ReplyReader(requests.mode(), inFlight, allocator);
        List<Exchange> exchanges = requests.exchanges();
        exchanges.forEach(exchange -> inFlight.register(exchange, 0));
        boolean violated = feed(requests, reader, allocator);
        inFlight.abortAll(new IllegalStateException("closed"));
        for (Exchange exchange : exchanges) {
            settle(exchange, violated);
        }
        Oracle.require(
                answered.get() == exchanges.size(),
                () -> "%d of %d requests ended".formatted(answered.get(), exchanges.size()));
        reader.release();
        long left = allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
        Oracle.require(left == 0, () -> "%d bytes leaked".formatted(left));
    }

    private static boolean feed(RecordedRequests requests, ReplyReader reader, UnpooledByteBufAllocator allocator) {
        long most = requests.readBytes() + PAYLOADS;
        ByteBuf stream = requests.stream();
        int step = requests.step();
        try {
            while (stream.isReadable()) {
                int bytes = Math.min(step, stream.readableBytes());
                ByteBuf slice = reader.receiveSlice();
                if (slice == null) {
                    reader.read(stream.readSlice(bytes));
                } else {
                    int fitting = Math.min(bytes, slice.writableBytes());
                    slice.writeBytes(stream, fitting).release();
                    reader.received(fitting);
                }
                long held = allocator.metric().usedDirectMemory()
                        + allocator.metric().usedHeapMemory();
                Oracle.require(held <= most, () -> "%d bytes held, %d allowed".formatted(held, most));
            }
            return false;
        } catch (ViolationException e) {
            return true;
        }
    }

    private static void settle(Exchange exchange, boolean violated) {
        Oracle.require(exchange.future().isDone(), () -> "a request was left without an end");
        try {
            if (exchange.future().join() instanceof ByteBuf data) {
                Oracle.require(
                        data.readableBytes() == exchange.length(),
                        () -> "%d bytes read".formatted(data.readableBytes()));
                data.release();
            }
        } catch (CompletionException e) {
            boolean named = e.getCause() instanceof RequestFailedException
                    || (e.getCause() instanceof IllegalStateException closed && "closed".equals(closed.getMessage()));
            Oracle.require(named, () -> "violated %s: %s".formatted(violated, e.getCause()));
        } catch (CancellationException e) {
            throw new AssertionError(e);
        }
    }
}
