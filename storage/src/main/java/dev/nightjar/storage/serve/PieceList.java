package dev.nightjar.storage.serve;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.content.FrameKey;
import dev.nightjar.storage.seal.ChunkRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what a read consists of: neighbours in one frame become one piece. Used by one thread. */
final class PieceList {

    private final FrameCache frames;
    private final ChunkHasher hasher;
    private final List<DiskPiece> pieces = new ArrayList<>();
    private long zeros;
    private @Nullable Slice slice;

    /** A part of a frame that can still grow. It holds the frame, also while it is empty. */
    private record Slice(FrameKey key, OpenedFrame frame, int from, int to) {

        boolean isEmpty() {
            return from == to;
        }
    }

    /**
     * A part of a chunk.
     *
     * @param chunk the chunk, or null if it is zero
     * @param chunkLength how long it must be
     * @param skip bytes of it before the part
     * @param length bytes of the part
     */
    record Part(Leaf.@Nullable Chunk chunk, int chunkLength, int skip, int length) {}

    PieceList(FrameCache frames, ChunkHasher hasher) {
        this.frames = frames;
        this.hasher = hasher;
    }

    /** Adds what comes next. */
    void add(Part part) {
        Leaf.Chunk chunk = part.chunk;
        if (chunk == null) {
            addZeros(part.length);
            return;
        }
        FrameKey key = FrameKey.of(chunk.location());
        Slice open = slice;
        extend(open != null && open.key.equals(key) ? open : begin(key, frames.hold(key)), chunk, part);
    }

    /** Adds what comes next if nothing has to be waited for; false if it was not added. */
    boolean addNow(Part part) {
        Leaf.Chunk chunk = part.chunk;
        if (chunk == null) {
            addZeros(part.length);
            return true;
        }
        FrameKey key = FrameKey.of(chunk.location());
        Slice open = slice;
        if (open == null || !open.key.equals(key)) {
            OpenedFrame frame = frames.peek(key);
            if (frame == null) {
                return false;
            }
            open = begin(key, frame);
        }
        if (!open.frame.frame().isVerified(chunk.location().place())) {
            return false;
        }
        extend(open, chunk, part);
        return true;
    }

    /** Everything that was added. */
    List<DiskPiece> pieces() {
        endZeros();
        endSlice();
        return pieces;
    }

    /** Gives back what was taken, when nobody wants it. */
    void releaseAll() {
        for (DiskPiece piece : pieces()) {
            if (piece instanceof DiskPiece.Data data) {
                data.release();
            }
        }
        pieces.clear();
    }

    private void addZeros(int length) {
        endSlice();
        zeros += length;
    }

    private Slice begin(FrameKey key, OpenedFrame frame) {
        endZeros();
        endSlice();
        Slice begun = new Slice(key, frame, 0, 0);
        slice = begun;
        return begun;
    }

    private void extend(Slice open, Leaf.Chunk chunk, Part part) {
        ChunkRef ref = open.frame.frame().verified(chunk.location().place(), chunk.id(), ChunkKind.DATA, hasher);
        requireLength(ref, part.chunkLength);
        int from = ref.offset() + part.skip;
        int to = from + part.length;
        if (open.isEmpty()) {
            slice = new Slice(open.key, open.frame, from, to);
        } else if (open.to == from) {
            slice = new Slice(open.key, open.frame, open.from, to);
        } else {
            endSlice();
            slice = new Slice(open.key, open.frame.heldAgain(), from, to);
        }
    }

    private static void requireLength(ChunkRef ref, int length) {
        if (ref.length() != length) {
            throw new StorageException(
                    StorageErrorCode.DATA_DAMAGED,
                    "A chunk of " + length + " bytes is to be " + ref.id() + ", which has " + ref.length(),
                    "The point's map is damaged; other points are not affected.");
        }
    }

    private void endZeros() {
        if (zeros > 0) {
            pieces.add(new DiskPiece.Zeros(zeros));
            zeros = 0;
        }
    }

    private void endSlice() {
        Slice ended = slice;
        slice = null;
        if (ended != null && ended.isEmpty()) {
            ended.frame.release();
        } else if (ended != null) {
            int length = ended.to - ended.from;
            pieces.add(new DiskPiece.Data(ended.frame.frame().bytes(ended.from, length), ended.frame));
        }
    }
}
