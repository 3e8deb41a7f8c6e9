package dev.nightjar.nbd.server;

import dev.nightjar.nbd.server.export.ServedDisk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A disk in memory that knows its holes and what has been written since it was made, in blocks of 4 KiB. Thread-safe. */
class MemoryDisk implements ServedDisk {

    static final int BLOCK = 4096;
    static final String DIRTY = "qemu:dirty-bitmap:since-monday";
    static final long HOLE_AND_ZERO = 3;

    private final byte[] content;
    private final boolean writable;
    private final BitSet allocated = new BitSet();
    private final BitSet dirty = new BitSet();
    private final AtomicInteger flushes = new AtomicInteger();
    private volatile boolean closed;

    MemoryDisk(int sizeBytes, boolean writable) {
        this.content = new byte[sizeBytes];
        this.writable = writable;
    }

    /** Data, a clean half and a dirty half, at some places; everything else is a hole. */
    static MemoryDisk sample(int sizeBytes, boolean writable) {
        MemoryDisk disk = new MemoryDisk(sizeBytes, writable);
        for (int at = 0; at + (64 << 10) <= sizeBytes; at += 256 << 10) {
            disk.fill(at, 64 << 10, (byte) (1 + at / (256 << 10) % 250));
        }
        disk.dirty.clear();
        for (int at = 0; at + (64 << 10) <= sizeBytes; at += 1 << 20) {
            disk.fill(at + (32 << 10), 16 << 10, (byte) 0x5a);
        }
        return disk;
    }

    private synchronized void fill(int offset, int length, byte value) {
        for (int i = offset; i < offset + length; i++) {
            content[i] = (byte) (value + i / 512);
        }
        mark(offset, length, true);
    }

    private void mark(long offset, long length, boolean data) {
        int first = (int) (offset / BLOCK);
        int end = (int) ((offset + length + BLOCK - 1) / BLOCK);
        dirty.set(first, end);
        if (data) {
            allocated.set(first, end);
        }
    }

    synchronized byte[] content() {
        return content.clone();
    }

    int flushes() {
        return flushes.get();
    }

    boolean closed() {
        return closed;
    }

    @Override
    public long sizeBytes() {
        return content.length;
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public List<Piece> read(long offset, int length) {
        return pieces(offset, length);
    }

    private synchronized List<Piece> pieces(long offset, int length) {
        List<Piece> pieces = new ArrayList<>();
        runs(allocated, offset, length, (from, bytes, data) -> {
            pieces.add(
                    data
                            ? new Piece.Data(Unpooled.copiedBuffer(content, (int) from, (int) bytes))
                            : new Piece.Zeros((int) bytes));
            return true;
        });
        return pieces;
    }

    @Override
    public @Nullable List<Piece> readNow(long offset, int length) {
        return null;
    }

    @Override
    public List<String> contexts() {
        return List.of(DIRTY);
    }

    @Override
    public synchronized void status(String context, long offset, long length, StatusSink sink) {
        if (context.equals(DIRTY)) {
            runs(dirty, offset, length, (_, bytes, set) -> sink.extent(bytes, set ? 1 : 0));
        } else {
            runs(allocated, offset, length, (_, bytes, set) -> sink.extent(bytes, set ? 0 : HOLE_AND_ZERO));
        }
    }

    private interface Run {
        boolean next(long offset, long length, boolean set);
    }

    private static void runs(BitSet bits, long offset, long length, Run sink) {
        long end = offset + length;
        long at = offset;
        boolean wanted = true;
        while (at < end && wanted) {
            int block = (int) (at / BLOCK);
            boolean set = bits.get(block);
            int next = set ? bits.nextClearBit(block) : bits.nextSetBit(block);
            long until = next < 0 ? end : Math.min(end, (long) next * BLOCK);
            wanted = sink.next(at, until - at, set);
            at = until;
        }
    }

    @Override
    public synchronized void write(long offset, ByteBuf data) {
        int length = data.readableBytes();
        data.getBytes(data.readerIndex(), content, (int) offset, length);
        mark(offset, length, true);
    }

    @Override
    public synchronized void writeZeroes(long offset, long length, boolean mayTrim) {
        java.util.Arrays.fill(content, (int) offset, (int) (offset + length), (byte) 0);
        mark(offset, length, !mayTrim);
        if (mayTrim) {
            // Whole blocks only: the rest of a block may hold data.
            allocated.clear((int) ((offset + BLOCK - 1) / BLOCK), (int)
                    Math.max((offset + BLOCK - 1) / BLOCK, (offset + length) / BLOCK));
        }
    }

    @Override
    public boolean fastZeroes() {
        return true;
    }

    @Override
    public void trim(long offset, long length) {
        writeZeroes(offset, length, true);
    }

    @Override
    public void flush() {
        flushes.incrementAndGet();
    }

    @Override
    public void close() {
        closed = true;
    }
}
