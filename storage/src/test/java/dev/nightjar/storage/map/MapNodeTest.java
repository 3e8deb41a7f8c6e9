package dev.nightjar.storage.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class MapNodeTest {

    private static final ChunkId ID = new ChunkId(9, 9, 9, 9);

    @Property
    void whatIsEncodedIsDecodedAgain(
            @ForAll @NotEmpty Set<@IntRange(max = 63) Integer> places, @ForAll @IntRange(max = 7) int level) {
        MapNode node = MapNode.zero(level);
        places.forEach(place -> node.set(place, new ChunkId(place, level, 1, 1)));
        ByteBuffer encoded = node.encode();
        assertThat(encoded.remaining()).isEqualTo(10 + 32 * places.size());
        MapNode decoded = MapNode.decode(encoded, ID, level);
        for (int place = 0; place < 64; place++) {
            assertThat(decoded.get(place)).isEqualTo(node.get(place));
        }
        assertThat(decoded.encode()).isEqualTo(encoded);
    }

    @Test
    void aNodeHasTheBytesOfTheFormat() {
        MapNode node = MapNode.zero(0);
        node.set(1, ChunkId.fromHex("01".repeat(32)));
        node.set(63, ChunkId.fromHex("02".repeat(32)));
        byte[] encoded = new byte[74];
        node.encode().get(encoded);
        assertThat(HexFormat.of().formatHex(encoded))
                .isEqualTo("0100" + "8000000000000002" + "01".repeat(32) + "02".repeat(32));
    }

    @Test
    void otherEncodingsAreRefused() {
        MapNode node = MapNode.zero(3);
        node.set(5, ID);
        ByteBuffer right = node.encode();
        assertThat(MapNode.decode(right, ID, 3).get(5)).isEqualTo(ID);
        assertFails(StorageErrorCode.FORMAT_UNSUPPORTED, copy(right).put(0, (byte) 2), 3);
        assertFails(StorageErrorCode.DATA_DAMAGED, copy(right), 2);
        assertFails(StorageErrorCode.DATA_DAMAGED, copy(right).putLong(2, 0), 3);
        assertFails(StorageErrorCode.DATA_DAMAGED, copy(right).putLong(2, 3), 3);
        assertFails(StorageErrorCode.DATA_DAMAGED, copy(right).limit(41), 3);
        assertFails(StorageErrorCode.DATA_DAMAGED, copy(right).limit(9), 3);
        assertFails(
                StorageErrorCode.DATA_DAMAGED,
                ByteBuffer.allocate(43).put(copy(right)).rewind(),
                3);
        assertFails(StorageErrorCode.DATA_DAMAGED, copy(right).limit(10).putLong(2, 0), 3);
    }

    @Test
    void aNodeThatIsNotWhatItsIdSaysIsNotBelieved() {
        MemoryNodeStore store = new MemoryNodeStore();
        MapWriter writer = store.writer(MapRoot.zero(10), 10);
        writer.set(3, ID);
        MapRoot root = writer.finish();
        MapNode other = MapNode.zero(0);
        other.set(4, ID);
        store.nodes.replaceAll((id, node) -> other.encode());
        assertThat(store.nodes).doesNotContainKey(MemoryNodeStore.HASHER.id(ChunkKind.MAP_NODE, other.encode()));
        assertThatThrownBy(() -> store.reader().get(root, 3)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> store.reader().walk(root, (number, id) -> {})).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> store.diff().diff(root, MapRoot.zero(10), (number, left, right) -> {}))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> store.writer(root, 10).set(3, null)).isInstanceOf(StorageException.class);
    }

    private static void assertFails(StorageErrorCode code, ByteBuffer encoded, int level) {
        assertThatThrownBy(() -> MapNode.decode(encoded, ID, level))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
    }
}
