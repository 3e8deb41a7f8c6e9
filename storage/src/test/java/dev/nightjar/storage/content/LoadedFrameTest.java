package dev.nightjar.storage.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.chunk.IdKey;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadedFrameTest {

    private static final PackId PACK = PackId.of(new byte[32]);

    private final ChunkHasher hasher = new ChunkHasher(IdKey.of(new byte[32]));
    private final ByteBuffer first = ByteBuffer.wrap("first".getBytes(StandardCharsets.US_ASCII));
    private final ByteBuffer second = ByteBuffer.wrap("second".getBytes(StandardCharsets.US_ASCII));
    private final ByteBuffer plain = ByteBuffer.wrap("firstsecond".getBytes(StandardCharsets.US_ASCII));
    private final ChunkId firstId = hasher.id(ChunkKind.DATA, first);
    private final ChunkId secondId = hasher.id(ChunkKind.DATA, second);

    @Test
    void eachChunkIsGivenOutUnderItsId() {
        LoadedFrame frame = frame(firstId, secondId);
        assertThat(frame.chunk(0, firstId, ChunkKind.DATA, hasher)).isEqualTo(first);
        assertThat(frame.chunk(1, secondId, ChunkKind.DATA, hasher)).isEqualTo(second);
        assertThat(frame.chunk(1, secondId, ChunkKind.DATA, hasher)).isEqualTo(second);
    }

    @Test
    void contentThatDoesNotHaveTheIdOfTheDirectoryIsDamage() {
        LoadedFrame frame = frame(firstId, firstId);
        assertFails(StorageErrorCode.DATA_DAMAGED, frame, 1, firstId, ChunkKind.DATA);
        assertFails(StorageErrorCode.DATA_DAMAGED, frame, 1, firstId, ChunkKind.DATA);
    }

    @Test
    void anotherChunkThanTheCatalogSaidMeansThatTheCatalogIsWrong() {
        LoadedFrame frame = frame(firstId, secondId);
        assertFails(StorageErrorCode.CATALOG_NEEDS_REBUILD, frame, 0, secondId, ChunkKind.DATA);
        assertFails(StorageErrorCode.CATALOG_NEEDS_REBUILD, frame, 2, secondId, ChunkKind.DATA);
        assertFails(StorageErrorCode.CATALOG_NEEDS_REBUILD, frame, 0, firstId, ChunkKind.MAP_NODE);
    }

    private LoadedFrame frame(ChunkId one, ChunkId other) {
        List<ChunkRef> chunks = List.of(new ChunkRef(one, 0, 5), new ChunkRef(other, 5, 6));
        return new LoadedFrame(PACK, ChunkKind.DATA, new PackEntry(0, 32, 11, 11, FrameCodec.PLAIN, 0, chunks), plain);
    }

    private void assertFails(StorageErrorCode code, LoadedFrame frame, int place, ChunkId wanted, ChunkKind kind) {
        assertThatThrownBy(() -> frame.chunk(place, wanted, kind, hasher))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
