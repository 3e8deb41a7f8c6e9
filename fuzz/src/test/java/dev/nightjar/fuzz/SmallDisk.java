package dev.nightjar.fuzz;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.server.export.Export;
import dev.nightjar.nbd.server.export.ExportDescription;
import dev.nightjar.nbd.server.export.ServedDisk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A writable disk in memory: every other block of 4 KiB is a hole, as far as it tells. One thread. */
final class SmallDisk implements ServedDisk {

    private static final int BLOCK = 4096;
    private static final String DIRTY = "qemu:dirty-bitmap:b0";

    private final byte[] content;
    private boolean opened;
    private boolean closed;

    SmallDisk(int size) {
        this.content = new byte[size];
    }

    static Export export(String name, SmallDisk disk, BlockSizes sizes) {
        return new Export() {
            @Override
            public ExportDescription description() {
                return new ExportDescription(name, "a disk", disk.sizeBytes(), sizes, true, true, disk.contexts());
            }

            @Override
            public ServedDisk open() {
                disk.opened = true;
                return disk;
            }
        };
    }

    boolean isOpened() {
        return opened;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public long sizeBytes() {
        return content.length;
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public List<String> contexts() {
        return List.of(DIRTY);
    }

    @Override
    public List<Piece> read(long offset, int length) {
        List<Piece> pieces = new ArrayList<>();
        for (long at = offset; at < offset + length; ) {
            int step = (int) Math.min(offset + length - at, BLOCK - at % BLOCK);
            pieces.add(
                    at / BLOCK % 2 == 0
                            ? new Piece.Data(Unpooled.wrappedBuffer(content, (int) at, step))
                            : new Piece.Zeros(step));
            at += step;
        }
        return pieces;
    }

    @Override
    public void status(String context, long offset, long length, StatusSink sink) {
        boolean more = true;
        for (long at = offset; at < offset + length && more; ) {
            long step = BLOCK - at % BLOCK;
            more = sink.extent(step, at / BLOCK % 2 == 0 ? 0 : context.equals(DIRTY) ? 1 : 3);
            at += step;
        }
    }

    @Override
    public void write(long offset, ByteBuf data) {
        data.getBytes(data.readerIndex(), content, (int) offset, data.readableBytes());
    }

    @Override
    public void writeZeroes(long offset, long length, boolean mayTrim) {
        Arrays.fill(content, (int) offset, (int) (offset + length), (byte) 0);
    }

    @Override
    public void trim(long offset, long length) {}

    @Override
    public void close() {
        closed = true;
    }
}
