package dev.nightjar.storage.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.chunk.IdKey;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.PackWriter;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameOpener;
import dev.nightjar.storage.seal.FrameSealer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Chunks one behind the other in the caller's memory, from packs in memory. */
class ChunkContentsTest {

    private static final int CHUNK = 4096;
    private static final int SHORT = 1000;
    private static final UUID REPOSITORY = UUID.randomUUID();

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final ChunkHasher hasher = new ChunkHasher(IdKey.of(new byte[32]));
    private final Random random = new Random(5);
    private final List<PackId> packs = new ArrayList<>();
    private final Map<ChunkKey, ChunkLocation> locations = new HashMap<>();
    private final Map<ChunkKey, ChunkLocation> copies = new HashMap<>();
    private final Map<ChunkId, byte[]> contents = new HashMap<>();
    private final ChunkContents chunks = new ChunkContents(
            new Locator(),
            new PackFrames(new Locator(), new PackReader(store, REPOSITORY, new FrameOpener()), ContentLimits.DEFAULT),
            hasher,
            ContentLimits.DEFAULT);

    /** Knows the packs of this test by their place in the list. */
    private final class Locator implements ChunkLocator {
        @Override
        public Map<ChunkKey, ChunkLocation> locate(Collection<ChunkKey> keys) {
            Map<ChunkKey, ChunkLocation> known = new HashMap<>(locations);
            known.keySet().retainAll(keys);
            return known;
        }

        @Override
        public Optional<ChunkLocation> after(ChunkKey key, ChunkLocation failed) {
            return Optional.ofNullable(copies.get(key)).filter(copy -> !copy.equals(failed));
        }

        @Override
        public Optional<PackId> pack(int number) {
            return Optional.of(packs.get(number));
        }
    }

    @Test
    void chunksInAnyOrderAreWhatTheyWere() {
        List<ChunkId> all = new ArrayList<>();
        for (int frame = 0; frame < 6; frame++) {
            all.addAll(frame(locations, fresh(1 + frame * 3, CHUNK)));
        }
        ChunkId last = frame(locations, fresh(1, SHORT)).getFirst();
        assertRead(all);
        for (int i = 0; i < 200; i++) {
            List<ChunkId> wanted = new ArrayList<>();
            while (random.nextInt(8) > 0) {
                int from = random.nextInt(all.size());
                wanted.addAll(all.subList(from, from + random.nextInt(all.size() - from) + 1));
            }
            if (random.nextBoolean()) {
                wanted.add(last);
            }
            assertRead(wanted);
        }
    }

    @Test
    void aFrameThatEndsWithAShortChunkIsOpenedToo() {
        List<byte[]> plain = fresh(3, CHUNK);
        plain.addAll(fresh(1, SHORT));
        assertRead(frame(locations, plain));
    }

    @Test
    void contentThatDoesNotHaveItsIdIsDamage() {
        List<byte[]> plain = fresh(3, CHUNK);
        List<ChunkId> ids = ids(plain);
        ByteBuffer forged = joined(plain).put(2 * CHUNK + 7, (byte) 1);
        store(locations, ids, plain, forged);
        assertFails(StorageErrorCode.DATA_DAMAGED, ids, 3 * CHUNK);
    }

    @Test
    void aDamagedCopyIsPassedOverForAnother() {
        List<byte[]> plain = fresh(3, CHUNK);
        List<ChunkId> ids = frame(copies, plain);
        store(locations, ids, plain, joined(plain).put(7, (byte) 1));
        assertRead(ids);
    }

    @Test
    void aChunkOfAnotherLengthThanTheMapHasIsDamage() {
        List<ChunkId> ids = frame(locations, fresh(2, SHORT));
        assertFails(StorageErrorCode.DATA_DAMAGED, ids, CHUNK + SHORT);
        List<ChunkId> shortFirst = new ArrayList<>(frame(locations, fresh(1, SHORT)));
        shortFirst.addAll(frame(locations, fresh(1, CHUNK)));
        assertFails(StorageErrorCode.DATA_DAMAGED, shortFirst, 2 * CHUNK);
    }

    @Test
    void anUnknownChunkIsSaidToBeMissing() {
        List<ChunkId> ids = new ArrayList<>(frame(locations, fresh(2, CHUNK)));
        ids.add(hasher.id(ChunkKind.DATA, ByteBuffer.wrap(new byte[] {1})));
        assertFails(StorageErrorCode.CHUNK_NOT_FOUND, ids, 3 * CHUNK);
    }

    private void assertRead(List<ChunkId> ids) {
        int length = ids.stream().mapToInt(id -> contents.get(id).length).sum();
        ByteBuffer target = ByteBuffer.allocateDirect(length + 10).position(3).limit(3 + length);
        chunks.read(ChunkKind.DATA, ids, CHUNK, target);
        for (ChunkId id : ids) {
            byte[] read = new byte[contents.get(id).length];
            target.get(read);
            assertThat(read).isEqualTo(contents.get(id));
        }
        assertThat(target.remaining()).isZero();
    }

    private void assertFails(StorageErrorCode code, List<ChunkId> ids, int length) {
        assertThatThrownBy(() -> chunks.read(ChunkKind.DATA, ids, CHUNK, ByteBuffer.allocateDirect(length)))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private List<ChunkId> frame(Map<ChunkKey, ChunkLocation> known, List<byte[]> plain) {
        List<ChunkId> ids = ids(plain);
        store(known, ids, plain, joined(plain));
        return ids;
    }

    private void store(Map<ChunkKey, ChunkLocation> known, List<ChunkId> ids, List<byte[]> plain, ByteBuffer joined) {
        List<ChunkRef> refs = new ArrayList<>();
        int offset = 0;
        for (int place = 0; place < ids.size(); place++) {
            refs.add(new ChunkRef(ids.get(place), offset, plain.get(place).length));
            offset += plain.get(place).length;
            contents.put(ids.get(place), plain.get(place));
            known.put(ChunkKey.of(ids.get(place)), new ChunkLocation(packs.size(), 0, place));
        }
        try (PackWriter writer = new PackWriter(store, ChunkKind.DATA, REPOSITORY, Long.MAX_VALUE);
                FrameSealer sealer = new FrameSealer()) {
            writer.append(sealer.seal(refs, joined));
            StoredPack pack = writer.finish();
            packs.add(pack.id());
        }
    }

    private List<ChunkId> ids(List<byte[]> plain) {
        return plain.stream()
                .map(bytes -> hasher.id(ChunkKind.DATA, ByteBuffer.wrap(bytes)))
                .toList();
    }

    private List<byte[]> fresh(int count, int length) {
        List<byte[]> plain = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            // So that some frames are worth compressing.
            java.util.Arrays.fill(bytes, random.nextInt(length), length, (byte) 0);
            plain.add(bytes);
        }
        return plain;
    }

    private static ByteBuffer joined(List<byte[]> plain) {
        ByteBuffer joined = ByteBuffer.allocateDirect(
                plain.stream().mapToInt(bytes -> bytes.length).sum());
        plain.forEach(joined::put);
        return joined.flip();
    }
}
