package dev.nightjar.service.export.disk;

import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.overlay.OverlayReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A recovery point that can be written, by means of an overlay. Thread-safe; the overlay stays its owner's. */
public final class OverlayDisk implements ServedDisk {

    private static final Logger LOG = LoggerFactory.getLogger(OverlayDisk.class);

    private final String export;
    private final OverlaidPoint disk;
    private final SinceContexts since;

    /** Serves an overlay under a name that is used in messages only. */
    public OverlayDisk(String export, OverlaidPoint disk, SinceContexts since) {
        this.export = export;
        this.disk = disk;
        this.since = since;
    }

    @Override
    public long sizeBytes() {
        return disk.overlay().size();
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public List<Piece> read(long offset, int length) {
        return DiskErrors.told(export, () -> {
            Parts parts = new Parts();
            boolean complete = false;
            try {
                disk.overlay().read(offset, length, parts);
                List<Piece> pieces = parts.resolve();
                complete = true;
                return pieces;
            } finally {
                if (!complete) {
                    parts.releaseAll();
                }
            }
        });
    }

    @Override
    public List<String> contexts() {
        return since.names();
    }

    @Override
    public void status(String context, long offset, long length, StatusSink sink) {
        DiskErrors.told(export, () -> {
            if (context.equals(BASE_ALLOCATION)) {
                disk.allocation(offset, length, (size, set) -> sink.extent(size, PointDisk.allocation(set)));
            } else {
                disk.differences(since.root(context), offset, length, (size, set) -> sink.extent(size, set ? 1 : 0));
            }
        });
    }

    @Override
    public void write(long offset, ByteBuf data) {
        DiskErrors.told(export, () -> {
            long at = offset;
            for (ByteBuffer part : data.nioBuffers()) {
                disk.overlay().write(at, part);
                at += part.remaining();
            }
        });
    }

    @Override
    public void writeZeroes(long offset, long length, boolean mayTrim) {
        DiskErrors.told(export, () -> disk.overlay().zero(offset, length));
    }

    @Override
    public boolean fastZeroes() {
        return true;
    }

    @Override
    public void trim(long offset, long length) {
        DiskErrors.told(export, () -> disk.overlay().trim(offset, length));
    }

    @Override
    public void flush() {
        DiskErrors.told(export, () -> disk.overlay().flush());
    }

    @Override
    public void close() {
        try {
            disk.overlay().flush();
        } catch (StorageException e) {
            LOG.warn("the last writes to export {} are not durable yet: {}", export, e.getMessage());
        }
    }

    /** What a read consists of; what lies below is read once the overlay is let go. */
    private final class Parts implements OverlayReader {

        private sealed interface Part {
            record Below(long offset, int length) implements Part {}

            record Above(Piece piece) implements Part {}
        }

        private final List<Part> parts = new ArrayList<>();
        private final List<Piece> pieces = new ArrayList<>();
        private int resolved;

        @Override
        public void base(long offset, long length) {
            parts.add(new Part.Below(offset, (int) length));
        }

        @Override
        public void zeros(long length) {
            parts.add(new Part.Above(new Piece.Zeros((int) length)));
        }

        @Override
        public ByteBuffer data(int length) {
            ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
            parts.add(new Part.Above(new Piece.Data(bytes.writerIndex(length))));
            return bytes.nioBuffer(0, length);
        }

        List<Piece> resolve() {
            for (Part part : parts) {
                switch (part) {
                    case Part.Above(Piece piece) -> pieces.add(piece);
                    case Part.Below(long offset, int length) ->
                        pieces.addAll(PointDisk.pieces(disk.point().read(offset, length)));
                }
                resolved++;
            }
            return pieces;
        }

        void releaseAll() {
            pieces.forEach(Parts.this::release);
            for (Part part : parts.subList(resolved, parts.size())) {
                if (part instanceof Part.Above(Piece piece)) {
                    release(piece);
                }
            }
        }

        private void release(Piece piece) {
            if (piece instanceof Piece.Data(ByteBuf bytes)) {
                bytes.release();
            }
        }
    }
}
