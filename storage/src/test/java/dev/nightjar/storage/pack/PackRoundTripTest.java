package dev.nightjar.storage.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameOpener;
import dev.nightjar.storage.seal.FrameSealer;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PackRoundTripTest {

    private final UUID repository = UUID.randomUUID();
    private final MemoryBlobStore store = new MemoryBlobStore();
    private final PackReader reader = new PackReader(store, repository, new FrameOpener());

    @Property(tries = 100)
    void everyFrameIsReadAsItWasAppended(
            @ForAll ChunkKind kind, @ForAll @IntRange(min = 1, max = 30) int frames, @ForAll long seed)
            throws Exception {
        Random random = new Random(seed);
        List<ByteBuffer> plain = new ArrayList<>();
        List<PackEntry> appended = new ArrayList<>();
        StoredPack written;
        try (FrameSealer sealer = new FrameSealer();
                PackWriter writer = new PackWriter(store, kind, repository, Long.MAX_VALUE)) {
            for (int i = 0; i < frames; i++) {
                int chunks = 1 + random.nextInt(SealedFrame.MAX_CHUNKS);
                ByteBuffer content = content((chunks - 1) * 1000 + 1 + random.nextInt(1000), random);
                plain.add(content);
                appended.add(writer.append(
                        sealer.seal(ChunkRef.backToBack(ids(chunks, random), 1000, content.remaining()), content)));
            }
            written = writer.finish();
        }
        assertThat(written.entries()).isEqualTo(appended);
        assertThat(reader.directory(written.id())).isEqualTo(written);
        for (int i = 0; i < frames; i++) {
            assertThat(reader.frame(written.id(), appended.get(i))).isEqualTo(plain.get(i));
        }
        byte[] bytes = store.get(written.id().blobName());
        assertThat(MessageDigest.getInstance("SHA-256").digest(bytes))
                .isEqualTo(written.id().toBytes());
    }

    @Test
    void aDirectoryLongerThanTheTailThatIsReadFirstIsReadToo() {
        try (FrameSealer sealer = new FrameSealer();
                PackWriter writer = new PackWriter(store, ChunkKind.DATA, repository, Long.MAX_VALUE)) {
            for (int i = 0; i < 3000; i++) {
                writer.append(sealer.seal(new ChunkId(i, 0, 0, 0), ByteBuffer.allocate(100 + i % 7)));
            }
            StoredPack written = writer.finish();
            assertThat(reader.directory(written.id())).isEqualTo(written);
        }
    }

    @Test
    void aPackIsFullAtItsTargetButTakesOneFrameOfAnySize() {
        Random random = new Random(1);
        try (FrameSealer sealer = new FrameSealer();
                PackWriter writer = new PackWriter(store, ChunkKind.DATA, repository, 10_000)) {
            SealedFrame large = sealer.seal(new ChunkId(1, 0, 0, 0), content(20_000, random));
            SealedFrame small = sealer.seal(new ChunkId(2, 0, 0, 0), content(9_000, random));
            assertThat(writer.hasRoom(large)).isTrue();
            assertThat(writer.hasRoom(small)).isTrue();
            assertThat(writer.isEmpty()).isTrue();
            writer.append(small);
            assertThat(writer.isEmpty()).isFalse();
            assertThat(writer.bytes()).isEqualTo(32 + small.stored().remaining());
            assertThat(writer.hasRoom(small)).isFalse();
        }
    }

    @Test
    void aDirectoryNeverGrowsBeyondWhatIsReadAgain() {
        try (FrameSealer sealer = new FrameSealer();
                PackWriter writer = new PackWriter(store, ChunkKind.DATA, repository, Long.MAX_VALUE)) {
            List<ChunkRef> chunks = ChunkRef.backToBack(ids(16, new Random(1)), 1, 16);
            SealedFrame frame = sealer.seal(chunks, ByteBuffer.allocate(16));
            while (writer.hasRoom(frame)) {
                writer.append(frame);
            }
            writer.append(frame); // Where the first one may stand once more.
            assertThatIllegalStateException().isThrownBy(() -> writer.append(frame));
            StoredPack written = writer.finish();
            assertThat(written.entries()).hasSizeGreaterThan(7000);
            assertThat(reader.directory(written.id())).isEqualTo(written);
        }
    }

    @Test
    void aPackWithoutFramesIsNotStored() {
        try (PackWriter writer = new PackWriter(store, ChunkKind.DATA, repository, 1000)) {
            assertThatIllegalStateException().isThrownBy(writer::finish);
        }
        assertThat(store.list("")).isEmpty();
    }

    @Test
    void anUnfinishedPackLeavesNothing() {
        try (FrameSealer sealer = new FrameSealer();
                PackWriter writer = new PackWriter(store, ChunkKind.DATA, repository, 1000)) {
            writer.append(sealer.seal(new ChunkId(1, 0, 0, 0), ByteBuffer.allocate(100)));
        }
        assertThat(store.list("")).isEmpty();
    }

    @Test
    void theSamePackMayBeWrittenTwice() {
        assertThat(onePack()).isEqualTo(onePack());
        assertThat(store.list("")).hasSize(1);
    }

    private StoredPack onePack() {
        try (FrameSealer sealer = new FrameSealer();
                PackWriter writer = new PackWriter(store, ChunkKind.MAP_NODE, repository, 1000)) {
            writer.append(sealer.seal(new ChunkId(1, 0, 0, 0), ByteBuffer.allocate(100)));
            return writer.finish();
        }
    }

    private static List<ChunkId> ids(int count, Random random) {
        return LongStream.range(0, count)
                .mapToObj(i -> new ChunkId(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()))
                .toList();
    }

    private static ByteBuffer content(int length, Random random) {
        byte[] content = new byte[length];
        if (random.nextBoolean()) {
            random.nextBytes(content);
        }
        return ByteBuffer.wrap(content);
    }
}
