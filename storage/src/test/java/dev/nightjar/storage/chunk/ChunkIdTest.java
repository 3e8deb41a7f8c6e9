package dev.nightjar.storage.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChunkIdTest {

    @Property
    void bytesHexAndBufferGiveTheSameIdBack(@ForAll @Size(32) byte[] bytes) {
        ChunkId id = ChunkId.of(bytes);
        assertThat(id.toBytes()).isEqualTo(bytes);
        assertThat(id.hex()).isEqualTo(HexFormat.of().formatHex(bytes));
        assertThat(ChunkId.fromHex(id.hex())).isEqualTo(id).hasSameHashCodeAs(id);
        ByteBuffer buffer = ByteBuffer.allocate(40).position(4);
        id.write(buffer);
        assertThat(ChunkId.read(buffer.flip().position(4))).isEqualTo(id);
    }

    @Property
    void orderIsThatOfUnsignedBytes(@ForAll @Size(32) byte[] left, @ForAll @Size(32) byte[] right) {
        assertThat(Integer.signum(ChunkId.of(left).compareTo(ChunkId.of(right))))
                .isEqualTo(Integer.signum(Arrays.compareUnsigned(left, right)));
    }

    @Property
    void everyByteCounts(@ForAll @Size(32) byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            byte[] other = bytes.clone();
            other[i]++;
            assertThat(ChunkId.of(other)).isNotEqualTo(ChunkId.of(bytes));
            assertThat(ChunkId.of(other).compareTo(ChunkId.of(bytes))).isNotZero();
        }
    }

    @Test
    void otherLengthsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkId.of(new byte[31]));
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkId.of(new byte[33]));
    }

    @Test
    void kindsHaveTheCodesOfTheFormat() {
        assertThat(ChunkKind.of((byte) 1)).isEqualTo(ChunkKind.DATA);
        assertThat(ChunkKind.of((byte) 2)).isEqualTo(ChunkKind.MAP_NODE);
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkKind.of((byte) 0));
    }
}
