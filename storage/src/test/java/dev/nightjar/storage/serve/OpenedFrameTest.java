package dev.nightjar.storage.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.content.LoadedFrame;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameCodec;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedFrameTest {

    private final FrameMemory home = new FrameMemory(1 << 20);

    @Test
    void memoryIsUsedAgainOnlyWhenTheLastUserHasGivenItBack() {
        ByteBuffer memory = home.take(5);
        OpenedFrame frame = frame(memory);
        assertThat(frame.hold()).isTrue();
        frame.release();
        assertThat(home.take(5)).isNotSameAs(memory);
        frame.release();
        assertThat(home.take(7)).isSameAs(memory);
    }

    @Test
    void whatNobodyUsesCannotBeTakenAgain() {
        OpenedFrame frame = frame(home.take(5));
        frame.release();
        assertThat(frame.hold()).isFalse();
        assertThatThrownBy(frame::heldAgain).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(frame::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void idleMemoryIsBounded() {
        ByteBuffer one = home.take(1 << 20);
        ByteBuffer other = home.take(1 << 20);
        home.give(one);
        home.give(other);
        assertThat(home.take(1 << 20)).isSameAs(one);
        assertThat(home.take(1 << 20)).isNotSameAs(other);
    }

    private OpenedFrame frame(ByteBuffer memory) {
        List<ChunkRef> chunks = List.of(new ChunkRef(new ChunkId(1, 2, 3, 4), 0, 5));
        PackEntry entry = new PackEntry(0, 32, 5, 5, FrameCodec.PLAIN, 0, chunks);
        return new OpenedFrame(new LoadedFrame(PackId.of(new byte[32]), ChunkKind.DATA, entry, memory), memory, home);
    }
}
