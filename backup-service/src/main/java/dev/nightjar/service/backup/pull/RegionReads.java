package dev.nightjar.service.backup.pull;

import dev.nightjar.nbd.client.DamageFinder;
import dev.nightjar.nbd.client.NbdClient;
import dev.nightjar.nbd.client.NbdErrorCode;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.service.source.UnreadableData;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.point.DamagedRanges;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads regions of whole chunks, several at a time, and hands them on in order. At most {@value #MAX_REGIONS} regions of at most
 * {@value #REGION_BYTES} bytes are in memory. Confined to one thread; close it, so that what is still on its way is let go.
 */
final class RegionReads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegionReads.class);

    static final int MAX_REGIONS = 16;
    static final int REGION_BYTES = 1 << 20;

    /** Takes what was read or known to be zero, from front to back. */
    interface Sink {
        /**
         * Bytes that were read.
         *
         * @param bytes the sink's until they are given back, to write to as well
         * @param giveBack to be called once, by any thread, when they are no longer needed
         */
        void data(long offset, ByteBuffer bytes, Runnable giveBack);

        /** Of what was handed on as bytes last, this is zeros only because it cannot be read. */
        void damaged(long offset, long length);

        void zero(long offset, long length);
    }

    // A region whose bytes are on their way, or, without a read, one that is zero.
    private record Pending(
            long offset, long length, @Nullable CompletableFuture<ByteBuf> read) {}

    private final NbdClient client;
    private final Sink sink;
    private final @Nullable DamageFinder damage;
    private final int regionBytes;
    private final Deque<Pending> pending = new ArrayDeque<>();

    RegionReads(NbdClient client, ChunkSize chunkSize, UnreadableData onUnreadable, Sink sink) {
        this.client = client;
        this.sink = sink;
        this.damage = switch (onUnreadable) {
            case FAIL -> null;
            case RECORD -> new DamageFinder(client::read, client.export(), DamageFinder.EXTRA_READS);
        };
        this.regionBytes = Math.max(chunkSize.bytes(), REGION_BYTES);
    }

    /** Begins to read a range of whole chunks; hands earlier regions on when too many are on their way. */
    void read(long offset, long length) {
        long end = offset + length;
        for (long at = offset; at < end; ) {
            // Regions end at multiples of their size, so that the ingest gets whole frames.
            int region = (int) Math.min(regionBytes - at % regionBytes, end - at);
            add(new Pending(at, region, client.read(at, region)));
            at += region;
        }
    }

    /** Keeps a range of zeros in line with the regions around it. */
    void zero(long offset, long length) {
        add(new Pending(offset, length, null));
    }

    /** Hands everything on that is still on its way. */
    void finish() {
        while (!pending.isEmpty()) {
            deliver();
        }
    }

    @Override
    public void close() {
        pending.forEach(RegionReads::release);
        pending.clear();
    }

    private void add(Pending region) {
        if (pending.size() == MAX_REGIONS) {
            try {
                deliver();
            } catch (RuntimeException e) {
                release(region);
                throw e;
            }
        }
        pending.add(region);
    }

    private void deliver() {
        Pending region = pending.remove();
        if (region.read == null) {
            sink.zero(region.offset, region.length);
            return;
        }
        ByteBuf bytes;
        try {
            bytes = await(region.read);
        } catch (NbdException failure) {
            if (damage == null || failure.code() != NbdErrorCode.IO_ERROR) {
                throw failure;
            }
            readAround(damage, region);
            return;
        }
        sink.data(region.offset, bytes.nioBuffer(), bytes::release);
    }

    private void readAround(DamageFinder finder, Pending region) {
        ByteBuffer whole = ByteBuffer.allocate((int) region.length);
        List<DamagedRanges.Range> unreadable = new ArrayList<>();
        DamageFinder.Sink pieces = new DamageFinder.Sink() {
            @Override
            public void data(long offset, ByteBuf bytes) {
                bytes.getBytes(bytes.readerIndex(), whole.slice((int) (offset - region.offset), bytes.readableBytes()));
            }

            @Override
            public void damaged(long offset, long length, NbdException cause) {
                LOG.warn("{} bytes at offset {} cannot be read: {}", length, offset, cause.getMessage());
                unreadable.add(new DamagedRanges.Range(offset, length));
            }
        };
        finder.read(region.offset, (int) region.length, pieces);
        sink.data(region.offset, whole, () -> {});
        unreadable.forEach(range -> sink.damaged(range.offset(), range.length()));
    }

    private static ByteBuf await(CompletableFuture<ByteBuf> read) {
        try {
            return read.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof NbdException failed ? failed : e;
        }
    }

    // A read that has not arrived lets its buffer go when it does; one that fails has none.
    private static void release(Pending region) {
        if (region.read != null) {
            var _ = region.read.whenComplete((buffer, _) -> {
                if (buffer != null) {
                    buffer.release();
                }
            });
        }
    }
}
