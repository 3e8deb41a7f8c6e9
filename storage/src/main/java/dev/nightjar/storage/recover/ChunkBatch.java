package dev.nightjar.storage.recover;

import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.content.ChunkContents;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Some chunks of a disk in ascending order. */
record ChunkBatch(List<Chunk> chunks) {

    /** One of them; its id is null if it is zero. */
    record Chunk(long number, @Nullable ChunkId id) {}

    /**
     * Loads them.
     *
     * @param memory given a length, a direct buffer of at least so many bytes
     */
    Loaded load(ChunkContents contents, ChunkSize chunkSize, long diskBytes, IntFunction<ByteBuffer> memory) {
        List<ChunkId> ids =
                chunks.stream().flatMap(chunk -> Stream.ofNullable(chunk.id())).toList();
        if (ids.isEmpty()) {
            return new Loaded(chunks, ByteBuffer.allocate(0));
        }
        Chunk last = chunks.getLast();
        int missing = last.id() == null ? 0 : chunkSize.bytes() - chunkSize.length(last.number(), diskBytes);
        int length = ids.size() * chunkSize.bytes() - missing;
        ByteBuffer content = memory.apply(length).clear().limit(length);
        contents.read(ChunkKind.DATA, ids, chunkSize.bytes(), content);
        return new Loaded(chunks, content);
    }

    /**
     * The batch with the content of all its chunks.
     *
     * @param content of those that are not zero, one behind the other
     */
    record Loaded(List<Chunk> chunks, ByteBuffer content) {}
}
