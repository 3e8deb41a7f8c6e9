package dev.nightjar.fuzz;

import dev.nightjar.nbd.client.extent.Extent;
import dev.nightjar.nbd.client.extent.ExtentWalker;
import dev.nightjar.nbd.client.extent.StatusSource.StatusReply;
import dev.nightjar.nbd.client.extent.WalkLimits;
import dev.nightjar.nbd.protocol.BlockStatus;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.ViolationException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Block status replies to a walk:
 *
 * <pre>
 * u8 mode and contexts · u64 offset · u64 length · rounds × ( u8 chunks, or 255 for EINVAL · chunks × { u16 bytes · payload } )
 * </pre>
 *
 * <p>Whatever they say, extents come in order, without gaps, within the range, joined where they are equal, with a status for each
 * context; and a walk that ends without violation covers the range.
 */
class WalkerFuzzTest {

    private static final int ROUNDS = 200;
    private static final int REFUSED = 255;

    static List<Path> seeds() {
        return Seeds.of(WalkerFuzzTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everySeedEndsAsItShould(Path seed) {
        fuzzerTestOneInput(Seeds.read(seed));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 17) {
            return;
        }
        ByteBuf in = Unpooled.wrappedBuffer(input);
        int choice = in.readUnsignedByte();
        ReplyMode mode = choice % 2 == 0 ? ReplyMode.EXTENDED : ReplyMode.STRUCTURED;
        Map<Long, String> contexts = new LinkedHashMap<>();
        for (long id = 0; id < choice / 2 % 4; id++) {
            contexts.put(id, "context " + id);
        }
        long offset = in.readLong() >>> 2;
        long length = Math.max(1, in.readLong() >>> 2);
        Walked walked = new Walked(offset, contexts.size());
        WalkLimits limits =
                new WalkLimits(WalkLimits.of(mode, 512, offset + length).maximumAsk(), 512, ROUNDS);
        try {
            new ExtentWalker(
                            (from, bytes) -> reply(in, mode, from, bytes, offset + length, contexts),
                            contexts.values(),
                            limits)
                    .walk(offset, length, walked::add);
            Oracle.require(walked.end == offset + length, () -> "the walk ended at " + walked.end);
        } catch (ViolationException | EndOfInputException | RefusedAtLastException e) {
            Oracle.require(walked.end <= offset + length, () -> "the walk went on to " + walked.end);
        }
    }

    private static StatusReply reply(
            ByteBuf in, ReplyMode mode, long from, long bytes, long end, Map<Long, String> contexts) {
        Oracle.require(bytes > 0 && bytes <= end - from, () -> "asked for %d bytes at %d".formatted(bytes, from));
        if (!in.isReadable()) {
            throw new EndOfInputException();
        }
        int chunks = in.readUnsignedByte();
        if (chunks == REFUSED) {
            return new StatusReply.Refused(Errno.EINVAL, new RefusedAtLastException());
        }
        List<BlockStatus> decoded = new ArrayList<>();
        for (int i = 0; i < chunks % 5 && in.readableBytes() >= 2; i++) {
            int payload = Math.min(in.readUnsignedShort(), in.readableBytes());
            decoded.add(BlockStatus.decode(in.readSlice(payload), mode));
        }
        return new StatusReply.Statuses(decoded, contexts);
    }

    /** What the sink got. */
    private static final class Walked {
        private final int contexts;
        private long end;
        private @Nullable Extent last;

        Walked(long offset, int contexts) {
            this.end = offset;
            this.contexts = contexts;
        }

        void add(Extent extent) {
            Oracle.require(extent.offset() == end && extent.length() > 0, () -> "%s after %d".formatted(extent, end));
            Oracle.require(
                    extent.status().size() == contexts,
                    () -> "status of " + extent.status().keySet());
            Oracle.require(last == null || !last.status().equals(extent.status()), () -> "equal neighbours at " + end);
            last = extent;
            end = extent.end();
        }
    }

    private static final class EndOfInputException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class RefusedAtLastException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
