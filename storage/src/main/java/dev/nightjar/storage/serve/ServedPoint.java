package dev.nightjar.storage.serve;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.map.MapDiff;
import dev.nightjar.storage.map.MapReader;
import dev.nightjar.storage.map.MapRoot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A recovery point open for random access. Thread-safe, for any number of readers at once; holds no resources of its own.
 *
 * <p>Every chunk is checked against its id before a byte of it is given out. Methods throw {@link StorageException} (DATA_DAMAGED, CHUNK_NOT_FOUND, CATALOG_UNAVAILABLE, …);
 * one that concerns a chunk concerns nobody who does not read it.
 */
public final class ServedPoint {

    private static final Logger LOG = LoggerFactory.getLogger(ServedPoint.class);

    private final PointContent content;
    private final ChunkSize chunkSize;
    private final MapReader maps;
    private final MapDiff differences;
    private final Serving serving;
    private final SequentialReads sequential;

    ServedPoint(PointContent content, ChunkSize chunkSize, MapReader maps, MapDiff differences, Serving serving) {
        this.content = content;
        this.chunkSize = chunkSize;
        this.maps = maps;
        this.differences = differences;
        this.serving = serving;
        sequential = new SequentialReads(serving.limits().aheadBytes(), content.sizeBytes());
    }

    /** The disk's size. */
    public long size() {
        return content.sizeBytes();
    }

    /**
     * Reads a range, as few pieces as its frames allow, back to back. The caller releases the data; if this throws, there is nothing to release.
     *
     * @throws IndexOutOfBoundsException if the disk ends before that
     */
    public List<DiskPiece> read(long offset, int length) {
        requireWithin(offset, length);
        if (length == 0) {
            return List.of();
        }
        lookAhead(offset, length);
        try {
            return readOnce(offset, length);
        } catch (StorageException e) {
            if (!mayHaveMoved(e.code())) {
                throw e;
            }
            LOG.debug("asking the catalog again where the chunks at {} lie", offset, e);
            forget(new Span(offset, offset + length));
            return readOnce(offset, length);
        }
    }

    /**
     * As {@link #read}, but from memory alone; never waits for anything.
     *
     * @return null if not all of it is in memory
     */
    public @Nullable List<DiskPiece> readNow(long offset, int length) {
        requireWithin(offset, length);
        lookAhead(offset, length);
        PieceList pieces = new PieceList(serving.frames(), serving.hasher());
        boolean complete = false;
        try {
            complete = collectNow(pieces, offset, offset + length);
            return complete ? pieces.pieces() : null;
        } finally {
            if (!complete) {
                pieces.releaseAll();
            }
        }
    }

    /**
     * What is allocated: told chunk by chunk from the map alone, nothing is read. Empty parts cost nothing, however large they are.
     *
     * @throws IndexOutOfBoundsException if the disk ends before the range does
     */
    public void allocation(long offset, long length, StatusSink sink) {
        requireWithin(offset, length);
        ChunkRuns runs = new ChunkRuns(chunkSize, offset, offset + length, sink);
        boolean all = length == 0
                || maps.walkWhile(
                        content.root(),
                        chunkSize.number(offset),
                        chunkSize.count(offset + length),
                        (number, _) -> runs.set(number));
        if (all) {
            runs.finish();
        }
    }

    /**
     * What differs from another point of the same repository, whose chunks must be protected as long as this runs. Parts that are equal cost nothing, however large they are.
     *
     * @param since the other content; where it ends before this one, it counts as zero
     * @throws IndexOutOfBoundsException if the disk ends before the range does
     */
    public void differences(MapRoot since, long offset, long length, StatusSink sink) {
        requireWithin(offset, length);
        ChunkRuns runs = new ChunkRuns(chunkSize, offset, offset + length, sink);
        boolean all = length == 0
                || differences.diffWhile(
                        since,
                        content.root(),
                        chunkSize.number(offset),
                        chunkSize.count(offset + length),
                        (number, _, _) -> runs.set(number));
        if (all) {
            runs.finish();
        }
    }

    /** Opens the frames of a range and checks its chunks, so that whoever reads it next need not wait. */
    void load(Span span) {
        PieceList pieces = new PieceList(serving.frames(), serving.hasher());
        try {
            collect(pieces, span.from(), span.to());
        } finally {
            pieces.releaseAll();
        }
    }

    /** The range cut at multiples of a frame, each piece for a thread of its own. */
    List<Span> cut(Span span, long pieceBytes) {
        List<Span> pieces = new ArrayList<>();
        for (long at = span.from(); at < span.to(); ) {
            long next = Math.min(span.to(), at - at % pieceBytes + pieceBytes);
            pieces.add(new Span(at, next));
            at = next;
        }
        return pieces;
    }

    private void lookAhead(long offset, int length) {
        Span ahead = serving.limits().aheadBytes() == 0 ? null : sequential.note(offset, length);
        if (ahead != null) {
            serving.ahead(this, ahead);
        }
    }

    private List<DiskPiece> readOnce(long offset, int length) {
        PieceList pieces = new PieceList(serving.frames(), serving.hasher());
        boolean complete = false;
        try {
            collect(pieces, offset, offset + length);
            complete = true;
            return pieces.pieces();
        } finally {
            if (!complete) {
                pieces.releaseAll();
            }
        }
    }

    private void collect(PieceList pieces, long from, long to) {
        @Nullable Leaf leaf = null;
        long leafNumber = -1;
        for (long at = from; at < to; ) {
            long chunk = chunkSize.number(at);
            if (leaf == null || Leaf.number(chunk) != leafNumber) {
                leafNumber = Leaf.number(chunk);
                leaf = serving.leaves().get(content.root(), leafNumber);
            }
            PieceList.Part part = part(leaf, chunk, at, to);
            pieces.add(part);
            at += part.length();
        }
    }

    private boolean collectNow(PieceList pieces, long from, long to) {
        for (long at = from; at < to; ) {
            long chunk = chunkSize.number(at);
            Leaf leaf = serving.leaves().peek(content.root(), Leaf.number(chunk));
            if (leaf == null) {
                return false;
            }
            PieceList.Part part = part(leaf, chunk, at, to);
            if (!pieces.addNow(part)) {
                return false;
            }
            at += part.length();
        }
        return true;
    }

    private PieceList.Part part(Leaf leaf, long chunk, long at, long to) {
        int chunkLength = chunkSize.length(chunk, content.sizeBytes());
        int skip = (int) (at - chunkSize.offset(chunk));
        return new PieceList.Part(
                leaf.get(Leaf.place(chunk)), chunkLength, skip, (int) Math.min(chunkLength - skip, to - at));
    }

    /** Answers that a catalog gives which was rebuilt, or whose packs were rewritten, since a location was asked for. */
    private static boolean mayHaveMoved(StorageErrorCode code) {
        return code == StorageErrorCode.CATALOG_NEEDS_REBUILD
                || code == StorageErrorCode.CHUNK_NOT_FOUND
                || code == StorageErrorCode.BLOB_NOT_FOUND;
    }

    private void forget(Span span) {
        long last = Leaf.number(chunkSize.number(span.to() - 1));
        for (long number = Leaf.number(chunkSize.number(span.from())); number <= last; number++) {
            serving.leaves().remove(content.root(), number);
        }
    }

    private void requireWithin(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new IndexOutOfBoundsException(length + " bytes at " + offset + " of a disk of " + size() + " bytes");
        }
    }
}
