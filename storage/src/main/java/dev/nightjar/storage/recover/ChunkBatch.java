package dev.nightjar.storage.recover;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.content.ChunkContents;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Some chunks of a disk in ascending order. */
record ChunkBatch(List<Chunk> chunks) {

    /** One of them; its id is null if it is zero. */
    record Chunk(long number, @Nullable ChunkId id) {}

    Loaded load(ChunkContents contents) {
        List<ChunkId> ids = chunks.stream()
                .flatMap(chunk -> Stream.ofNullable(chunk.id()))
                .distinct()
                .toList();
        return new Loaded(chunks, contents.read(ChunkKind.DATA, ids));
    }

    /** The batch with the content of all its chunks. */
    record Loaded(List<Chunk> chunks, Map<ChunkId, ByteBuffer> contents) {

        /** The content of a chunk that is not zero and must have this length; the buffer is the caller's. */
        ByteBuffer content(Chunk chunk, int length) {
            ByteBuffer content = chunk.id() == null ? null : contents.get(chunk.id());
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
