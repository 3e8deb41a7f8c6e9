package dev.nightjar.storage.recover;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.content.ChunkContents;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Some non-zero chunks of a disk in ascending order. */
record ChunkBatch(List<Chunk> chunks) {

    /** One of them. */
    record Chunk(long number, ChunkId id) {}

    Loaded load(ChunkContents contents) {
        List<ChunkId> ids = chunks.stream().map(Chunk::id).distinct().toList();
        return new Loaded(chunks, contents.read(ChunkKind.DATA, ids));
    }

    /** The batch with the content of all its chunks. */
    record Loaded(List<Chunk> chunks, Map<ChunkId, ByteBuffer> contents) {

        /** The content of a chunk that must have this length; the buffer is the caller's. */
        ByteBuffer content(Chunk chunk, int length) {
            ByteBuffer content = contents.get(chunk.id());
            if (content == null || content.remaining() != length) {
                throw new StorageException(
                        StorageErrorCode.DATA_DAMAGED,
                        "Chunk " + chunk.number() + " has " + length + " bytes, but " + chunk.id() + " has not",
                        "The point's map is damaged; other points are not affected.");
            }
            return content.duplicate();
        }
    }
}
