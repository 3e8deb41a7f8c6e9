package dev.nightjar.nbd.client;

import dev.nightjar.nbd.protocol.Errno;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads around what a disk cannot read any more: a range that fails is halved until the blocks that fail are known, and everything
 * else of it is delivered. Every block that is called damaged was asked for by itself, so an error that goes away on a second
 * reading is no damage. One for each disk and run, confined to one thread.
 *
 * <p>Only an I/O error that the server reports (EIO) counts as damage. A time-out, a lost connection or a refusal says nothing about
 * the disk and is thrown. A server that answers with simple replies may drop the connection instead of reporting the error; that
 * cannot be told from any other loss.
 *
 * <p>The extra reads are bounded, because a dying disk may take seconds for each of them: when they are used up, what still fails is
 * called damaged as it is, without looking closer.
 */
public final class DamageFinder {

    /** Extra reads that are plenty for a disk with some bad spots: finding one block in 1 MiB takes 22. */
    public static final int EXTRA_READS = 16_384;

    /** Disks fail by sectors, whatever small requests a server would take. */
    private static final int SECTOR_BYTES = 512;

    /** Reads from the export, such as {@code connection::read}. */
    @FunctionalInterface
    public interface Source {
        /** As {@link NbdConnection#read}. */
        CompletableFuture<ByteBuf> read(long offset, int length);
    }

    /** Takes a range from front to back, without gaps. What it throws ends the reading. */
    public interface Sink {
        /** Bytes that were read; the buffer is the reader's again when this returns. */
        void data(long offset, ByteBuf bytes);

        /** Bytes that cannot be read, neighbours joined; {@code cause} names the last error among them. */
        void damaged(long offset, long length, NbdException cause);
    }

    private final Source source;
    private final long blockBytes;
    private int readsLeft;

    /**
     * A finder for one disk.
     *
     * @param extraReads most reads beyond the first of each range; see {@link #EXTRA_READS}
     */
    public DamageFinder(Source source, ExportInfo export, int extraReads) {
        this.source = source;
        this.blockBytes = Math.max(SECTOR_BYTES, export.blockSizes().minimum());
        this.readsLeft = extraReads;
    }

    /**
     * Reads a range; blocks.
     *
     * @param length as for one read of the source
     * @throws NbdException if the reading fails for another reason than damage; what the sink got before is true
     */
    public void read(long offset, int length, Sink sink) {
        Joined joined = new Joined(sink);
        NbdException failure = attempt(offset, length, joined);
        if (failure != null) {
            narrow(offset, length, failure, joined);
        }
        joined.flush();
    }

    /** Whether the extra reads are used up, so that damage may be reported larger than it is. */
    public boolean exhausted() {
        return readsLeft <= 0;
    }

    /** A range that has failed. */
    private void narrow(long offset, int length, NbdException failure, Joined joined) {
        long middle = (offset + length / 2) / blockBytes * blockBytes;
        if (middle <= offset) {
            middle = offset + blockBytes;
        }
        if (length <= blockBytes || middle >= offset + length || readsLeft <= 0) {
            joined.damaged(offset, length, failure);
            return;
        }
        half(offset, (int) (middle - offset), joined);
        half(middle, (int) (offset + length - middle), joined);
    }

    private void half(long offset, int length, Joined joined) {
        readsLeft--;
        NbdException failure = attempt(offset, length, joined);
        if (failure != null) {
            narrow(offset, length, failure, joined);
        }
    }

    /** Delivers the range, or returns the error that means damage. */
    private @Nullable NbdException attempt(long offset, int length, Joined joined) {
        ByteBuf bytes;
        try {
            bytes = source.read(offset, length).join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof NbdException failure)) {
                throw e;
            }
            if (failure.errno().orElse(null) != Errno.EIO) {
                throw failure;
            }
            return failure;
        }
        try {
            joined.data(offset, bytes);
        } finally {
            bytes.release();
        }
        return null;
    }

    /** Joins neighbouring damage before the sink sees it. */
    private static final class Joined {

        private final Sink sink;
        private long start;
        private long length;
        private @Nullable NbdException cause;

        Joined(Sink sink) {
            this.sink = sink;
        }

        void data(long offset, ByteBuf bytes) {
            flush();
            sink.data(offset, bytes);
        }

        void damaged(long offset, int bytes, NbdException failure) {
            start = cause == null ? offset : start;
            length += bytes;
            cause = failure;
        }

        void flush() {
            NbdException known = cause;
            if (known != null) {
                long bytes = length;
                cause = null;
                length = 0;
                sink.damaged(start, bytes, known);
            }
        }
    }
}
