package dev.nightjar.storage.copy;

import dev.nightjar.storage.Awaited;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.recover.RecoveryPointReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads back from the target what a copy consists of, and compares it with the ids that the source has for it: what is proven is what a restore of the copy would hand out. What
 * neither differs from a copy that was proven before nor is new is not read again. Used by one thread.
 */
final class CopyProof {

    /** Longest piece that is read at once, and how many at the same time. */
    private static final int PIECE_BYTES = 1 << 20;

    private static final int PIECES = 8;

    private final RecoveryPointReader source;
    private final RecoveryPointReader copy;
    private final ChunkSize chunkSize;
    private final List<Piece> waiting = new ArrayList<>();
    private long chunks;

    /** Neighbouring chunks of the source. */
    private record Piece(long firstChunk, List<@Nullable ChunkId> ids) {}

    /**
     * @param chunkSize the source's
     */
    CopyProof(RecoveryPointReader source, RecoveryPointReader copy, ChunkSize chunkSize) {
        this.source = source;
        this.copy = copy;
        this.chunkSize = chunkSize;
    }

    /**
     * Returns if the copy is what the source is.
     *
     * @param sourceBase what the source's content was read as the difference to
     * @param copyBase the same content in the target
     * @throws StorageException COPY_NOT_IDENTICAL, or what the target says when it is read
     */
    void require(MapRoot sourceBase, MapRoot copyBase) {
        source.differences(sourceBase, (number, _, id) -> add(number, id));
        proveWaiting();
        // With chunks of another size the numbers do not compare.
        if (source.point().root().chunkCount() == copy.point().root().chunkCount()) {
            long[] differing = {0};
            copy.differences(copyBase, (_, _, _) -> differing[0]++);
            if (differing[0] != chunks) {
                throw notIdentical(differing[0] + " chunks changed in it, " + chunks + " in the original");
            }
        }
    }

    private void add(long number, @Nullable ChunkId id) {
        chunks++;
        Piece last = waiting.isEmpty() ? null : waiting.getLast();
        if (last == null
                || last.firstChunk + last.ids.size() != number
                || last.ids.size() >= PIECE_BYTES / chunkSize.bytes()) {
            if (waiting.size() == PIECES) {
                proveWaiting();
            }
            last = new Piece(number, new ArrayList<>());
            waiting.add(last);
        }
        last.ids.add(id);
    }

    private void proveWaiting() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> proofs = new ArrayList<>();
            waiting.forEach(piece -> proofs.add(threads.submit(() -> prove(piece))));
            proofs.forEach(proof -> Awaited.of(proof, "the copy", "Start it again: it goes on."));
        }
        waiting.clear();
    }

    private void prove(Piece piece) {
        long size = source.size();
        long offset = chunkSize.offset(piece.firstChunk);
        long last = piece.firstChunk + piece.ids.size() - 1;
        long end = chunkSize.offset(last) + chunkSize.length(last, size);
        ByteBuffer content = ByteBuffer.allocate((int) (end - offset));
        copy.read(offset, content);
        for (int i = 0; i < piece.ids.size(); i++) {
            int at = i * chunkSize.bytes();
            int length = chunkSize.length(piece.firstChunk + i, size);
            if (!source.isContent(piece.ids.get(i), content.slice(at, length))) {
                throw notIdentical("it differs at offset " + (offset + at));
            }
        }
    }

    private StorageException notIdentical(String why) {
        return new StorageException(
                StorageErrorCode.COPY_NOT_IDENTICAL,
                "The copy of point " + source.point().id() + " is not what it should be: " + why,
                "Check the target's disk or store, scrub it, and copy again.");
    }
}
