package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.PackWriter;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameOpener;
import dev.nightjar.storage.seal.FrameSealer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A pack whose name is taken by a damaged one that has to stay. */
class RetainedPackTest {

    private static final UUID REPOSITORY = UUID.randomUUID();

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final KeepingStore store = new KeepingStore(blobs, InstantSource.system());
    private final PackReader reader = new PackReader(store, REPOSITORY, new FrameOpener());

    @Test
    void theFrameThatItHasTwiceIsWholeAlthoughItsMemoryIsInUseForSomethingElse() {
        StoredPack before = write();
        String name = before.id().blobName();
        store.retain(name, Instant.now().plus(Duration.ofDays(1)));
        blobs.corrupt(name, new byte[100]);

        StoredPack after = write();

        assertThat(after.id()).isNotEqualTo(before.id());
        assertThat(after.entries()).hasSize(3);
        assertThat(reader.frame(after.id(), after.entries().get(0))).isEqualTo(content(0));
        assertThat(reader.frame(after.id(), after.entries().get(1))).isEqualTo(content(1));
        assertThat(reader.frame(after.id(), after.entries().get(2))).isEqualTo(content(0));
    }

    /** Two frames that are sealed in the same memory, one after the other. */
    private StoredPack write() {
        ByteBuffer memory = ByteBuffer.allocateDirect(5000);
        try (FrameSealer sealer = new FrameSealer();
                PackWriter writer = new PackWriter(store, ChunkKind.DATA, REPOSITORY, Long.MAX_VALUE)) {
            for (int i = 0; i < 2; i++) {
                ByteBuffer plain = memory.clear().put(content(i)).flip();
                ChunkRef chunk = new ChunkRef(new ChunkId(i, 0, 0, 0), 0, plain.remaining());
                writer.append(sealer.sealInPlace(List.of(chunk), plain));
            }
            return writer.finish();
        }
    }

    private static ByteBuffer content(long seed) {
        byte[] bytes = new byte[5000];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
