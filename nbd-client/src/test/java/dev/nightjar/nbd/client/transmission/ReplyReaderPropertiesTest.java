package dev.nightjar.nbd.client.transmission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** However the bytes are cut on their way, and whichever of them are damaged. */
class ReplyReaderPropertiesTest {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

    private static List<ReadExchange> reads(int count, Random random) {
        List<ReadExchange> reads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            reads.add(new ReadExchange(random.nextLong(1L << 50), 1 + random.nextInt(100_000), false));
        }
        return reads;
    }

    /** Feeds the stream in pieces, into the reader's own memory wherever it offers some. */
    private static void feed(ReplyReader reader, ByteBuf stream, Random random) {
        while (stream.isReadable()) {
            int bytes = Math.min(stream.readableBytes(), 1 + random.nextInt(random.nextBoolean() ? 60 : 30_000));
            ByteBuf slice = random.nextInt(4) == 0 ? null : reader.receiveSlice();
            if (slice == null) {
                reader.read(stream.readSlice(bytes));
                continue;
            }
            int fitting = Math.min(bytes, slice.writableBytes());
            try {
                slice.writeBytes(stream, fitting);
                reader.received(fitting);
            } finally {
                slice.release();
            }
        }
    }

    @Property(tries = 300)
    void everyReadIsPutTogether(
            @ForAll ReplyMode mode, @ForAll @IntRange(min = 1, max = 5) int count, @ForAll Random random) {
        AtomicInteger answered = new AtomicInteger();
        InFlight inFlight = new InFlight(failure -> failure, answered::incrementAndGet);
        ReplyReader reader = new ReplyReader(mode, inFlight, allocator);
        List<ReadExchange> reads = reads(count, random);
        reads.forEach(read -> inFlight.register(read, 0));
        ReplyStream stream = new ReplyStream(mode, reads, random);
        feed(reader, stream.bytes(), random);
        for (int i = 0; i < count; i++) {
            ByteBuf whole = reads.get(i).future().getNow(null);
            assertThat(whole).isNotNull();
            assertThat(ByteBufUtil.getBytes(whole)).isEqualTo(stream.expected(i));
            whole.release();
        }
        assertThat(inFlight.isEmpty()).isTrue();
        assertThat(answered).hasValue(count);
        assertNothingHeld(reader);
    }

    @Property(tries = 500)
    void damageEndsInAViolationOrAnAnswerAndNeverInALeak(@ForAll ReplyMode mode, @ForAll Random random) {
        AtomicInteger answered = new AtomicInteger();
        InFlight inFlight = new InFlight(failure -> failure, answered::incrementAndGet);
        ReplyReader reader = new ReplyReader(mode, inFlight, allocator);
        List<ReadExchange> reads = reads(3, random);
        StatusExchange status = StatusExchange.all(0, 1 << 20, 2, false);
        reads.forEach(read -> inFlight.register(read, 0));
        inFlight.register(status, 0);
        ByteBuf stream = new ReplyStream(mode, reads, random).bytes();
        for (int i = 0; i < 3; i++) {
            // The first bytes are headers: damage there is the more interesting one.
            stream.setByte(
                    random.nextInt(Math.min(random.nextBoolean() ? 60 : 100_000, stream.readableBytes())),
                    random.nextInt());
        }
        try {
            feed(reader, stream, random);
        } catch (ViolationException expected) {
            assertThat(expected.violation()).isNotNull();
        }
        inFlight.abortAll(new IllegalStateException("closed"));
        for (ReadExchange read : reads) {
            assertThat(read.future()).isDone();
            if (!read.future().isCompletedExceptionally()) {
                read.future().join().release();
            }
        }
        assertThat(status.future()).isDone();
        assertThat(answered).as("every request is answered once").hasValue(4);
        assertNothingHeld(reader);
    }

    private void assertNothingHeld(ReplyReader reader) {
        reader.release();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }
}
