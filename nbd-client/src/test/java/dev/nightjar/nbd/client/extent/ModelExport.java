package dev.nightjar.nbd.client.extent;

import dev.nightjar.nbd.protocol.BlockStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * An export whose status is known block by block, and a server for it that answers as it likes within the rules: shorter or
 * longer than asked, split where nothing changes, each context differently, contexts in any order.
 */
final class ModelExport implements StatusSource {

    private final long blockBytes;
    private final int[][] status;
    private final Random random;
    private final long refuseAbove;
    private int rounds;

    /**
     * An export with one row of blocks for each context.
     *
     * @param refuseAbove asks that are longer are refused with EINVAL, in bytes
     */
    ModelExport(long blockBytes, int[][] status, Random random, long refuseAbove) {
        this.blockBytes = blockBytes;
        this.status = status;
        this.random = random;
        this.refuseAbove = refuseAbove;
    }

    /** Its contexts, id → name. */
    Map<Long, String> names() {
        Map<Long, String> names = new LinkedHashMap<>();
        for (int context = 0; context < status.length; context++) {
            names.put(100L + context, "c" + context);
        }
        return names;
    }

    long size() {
        return blockBytes * status[0].length;
    }

    int rounds() {
        return rounds;
    }

    @Override
    public StatusReply ask(long offset, long length) {
        rounds++;
        if (length <= 0 || offset < 0 || offset + length > size()) {
            throw new AssertionError("asked for %d bytes at %d of %d".formatted(length, offset, size()));
        }
        if (length > refuseAbove) {
            return new StatusReply.Refused(
                    dev.nightjar.nbd.protocol.Errno.EINVAL, new IllegalStateException("refused " + length));
        }
        List<BlockStatus> chunks = new ArrayList<>();
        for (int context = 0; context < status.length; context++) {
            chunks.add(random.nextInt(chunks.size() + 1), BlockStatus.of(100 + context, row(context, offset, length)));
        }
        return new StatusReply.Statuses(chunks, names());
    }

    private long[] row(int context, long offset, long length) {
        LongStream.Builder row = LongStream.builder();
        long stop = offset + length;
        long at = offset;
        int limit = 1 + random.nextInt(6);
        for (int extents = 0; at < stop && extents < limit; extents++) {
            int block = (int) (at / blockBytes);
            int value = status[context][block];
            int end = block + 1;
            while (end < status[context].length && status[context][end] == value && random.nextInt(5) != 0) {
                end++;
            }
            boolean beyond = end == status[context].length && random.nextBoolean();
            long until = beyond ? end * blockBytes + random.nextInt(1000) : end * blockBytes;
            boolean clipped = until > stop && random.nextBoolean();
            row.add((clipped ? stop : until) - at).add(value);
            at = clipped ? stop : until;
        }
        return row.build().toArray();
    }

    /** The truth, block by block. */
    int status(int context, long offset) {
        return status[context][(int) (offset / blockBytes)];
    }
}
