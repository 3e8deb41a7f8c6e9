package dev.nightjar.service.export.disk;

import dev.nightjar.nbd.server.export.ServedDisk;
import dev.nightjar.storage.serve.DiskPiece;
import dev.nightjar.storage.serve.ServedPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A recovery point, read-only. Thread-safe. */
public final class PointDisk implements ServedDisk {

    private static final long HOLE_AND_ZERO = 3;

    private final String export;
    private final ServedPoint point;
    private final SinceContexts since;

    /** Serves a point under a name that is used in messages only. */
    public PointDisk(String export, ServedPoint point, SinceContexts since) {
        this.export = export;
        this.point = point;
        this.since = since;
    }

    @Override
    public long sizeBytes() {
        return point.size();
    }

    @Override
    public boolean writable() {
        return false;
    }

    @Override
    public List<Piece> read(long offset, int length) {
        return DiskErrors.told(export, () -> pieces(point.read(offset, length)));
    }

    @Override
    public @Nullable List<Piece> readNow(long offset, int length) {
        return DiskErrors.toldIfAny(export, () -> {
            List<DiskPiece> now = point.readNow(offset, length);
            return now == null ? null : pieces(now);
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
                point.allocation(offset, length, (size, set) -> sink.extent(size, allocation(set)));
            } else {
                point.differences(since.root(context), offset, length, (size, set) -> sink.extent(size, set ? 1 : 0));
            }
        });
    }

    @Override
    public void close() {
        // Whoever made the export keeps what it needs.
    }

    static long allocation(boolean allocated) {
        return allocated ? 0 : HOLE_AND_ZERO;
    }

    static List<Piece> pieces(List<DiskPiece> pieces) {
        return pieces.stream().map(PointDisk::piece).toList();
    }

    private static Piece piece(DiskPiece piece) {
        return switch (piece) {
            case DiskPiece.Data data -> new Piece.Data(new SharedBytes(data));
            case DiskPiece.Zeros zeros -> new Piece.Zeros((int) zeros.length());
        };
    }
}
