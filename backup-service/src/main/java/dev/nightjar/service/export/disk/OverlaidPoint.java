package dev.nightjar.service.export.disk;

import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.overlay.BaseDisk;
import dev.nightjar.storage.overlay.BlockKind;
import dev.nightjar.storage.overlay.KindRun;
import dev.nightjar.storage.overlay.Overlay;
import dev.nightjar.storage.overlay.OverlayReader;
import dev.nightjar.storage.serve.DiskPiece;
import dev.nightjar.storage.serve.ServedPoint;
import dev.nightjar.storage.serve.StatusSink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A point and what was written over it. Thread-safe.
 *
 * @param point what is below
 * @param overlay what is above
 */
public record OverlaidPoint(ServedPoint point, Overlay overlay) {

    private static final int RUNS_AT_ONCE = 4096;

    /** The point as what an overlay needs below it. */
    public static BaseDisk base(ServedPoint point) {
        return (offset, target) -> {
            for (DiskPiece piece : point.read(offset, target.remaining())) {
                switch (piece) {
                    case DiskPiece.Data data -> {
                        target.put(data.bytes());
                        data.release();
                    }
                    case DiskPiece.Zeros zeros -> target.put(new byte[(int) zeros.length()]);
                }
            }
        };
    }

    /** Takes what a range has been found to be, in order. */
    public interface RunVisitor {

        /** The next run; false ends the visit. */
        boolean run(long offset, BlockKind kind, long length);
    }

    /** Tells the runs of a range, until the visitor has enough. */
    public void runs(long offset, long length, RunVisitor visitor) {
        long end = offset + length;
        for (long at = offset; at < end; ) {
            for (KindRun run : overlay.runs(at, end - at, RUNS_AT_ONCE)) {
                if (!visitor.run(at, run.kind(), run.length())) {
                    return;
                }
                at += run.length();
            }
        }
    }

    /** What is allocated, in the overlay or below it. */
    public void allocation(long offset, long length, StatusSink sink) {
        runs(offset, length, (at, kind, size) -> switch (kind) {
            case DATA -> sink.range(size, true);
            case ZERO -> sink.range(size, false);
            case BASE -> within(sink, inner -> point.allocation(at, size, inner));
        });
    }

    /** What was written, zeroed or discarded, or differs below. */
    public void differences(MapRoot since, long offset, long length, StatusSink sink) {
        runs(offset, length, (at, kind, size) -> switch (kind) {
            case DATA, ZERO -> sink.range(size, true);
            case BASE -> within(sink, inner -> point.differences(since, at, size, inner));
        });
    }

    /** Fills a buffer, from position to limit, with what the disk has from {@code offset} on. */
    public void read(long offset, ByteBuffer target) {
        List<Below> below = new ArrayList<>();
        overlay.read(offset, target.remaining(), new OverlayReader() {
            @Override
            public void base(long from, long count) {
                below.add(new Below(from, slice((int) count)));
            }

            @Override
            public void zeros(long count) {
                slice((int) count).put(new byte[(int) count]);
            }

            @Override
            public ByteBuffer data(int count) {
                return slice(count);
            }

            private ByteBuffer slice(int count) {
                ByteBuffer part = target.slice(target.position(), count);
                target.position(target.position() + count);
                return part;
            }
        });
        below.forEach(part -> base(point).read(part.offset, part.target));
    }

    private record Below(long offset, ByteBuffer target) {}

    private interface Inner {
        void tell(StatusSink sink);
    }

    /** Whether the outer sink still wants more after an inner range. */
    private static boolean within(StatusSink sink, Inner inner) {
        boolean[] wanted = {true};
        inner.tell((size, set) -> {
            wanted[0] = sink.range(size, set);
            return wanted[0];
        });
        return wanted[0];
    }
}
