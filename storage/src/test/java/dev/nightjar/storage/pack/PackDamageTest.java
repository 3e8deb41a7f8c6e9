package dev.nightjar.storage.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameChecksum;
import dev.nightjar.storage.seal.FrameOpener;
import dev.nightjar.storage.seal.FrameSealer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes that are not what was written, and bytes that somebody wrote with right checksums on purpose. */
class PackDamageTest {

    private final UUID repository = UUID.randomUUID();
    private final MemoryBlobStore store = new MemoryBlobStore();
    private final PackReader reader = new PackReader(store, repository, new FrameOpener());
    private StoredPack pack;
    private byte[] whole;
    private int directoryOffset;

    @BeforeEach
    void writePack() {
        Random random = new Random(42);
        byte[] noise = new byte[700];
        random.nextBytes(noise);
        try (FrameSealer sealer = new FrameSealer();
                PackWriter writer = new PackWriter(store, ChunkKind.DATA, repository, Long.MAX_VALUE)) {
            writer.append(sealer.seal(new ChunkId(1, 1, 1, 1), ByteBuffer.wrap(noise)));
            writer.append(sealer.seal(
                    List.of(
                            new ChunkRef(new ChunkId(2, 1, 1, 1), 0, 4096),
                            new ChunkRef(new ChunkId(3, 1, 1, 1), 4096, 904)),
                    ByteBuffer.allocate(5000)));
            writer.append(sealer.seal(new ChunkId(4, 1, 1, 1), ByteBuffer.wrap(noise, 0, 1)));
            pack = writer.finish();
        }
        whole = store.get(pack.id().blobName());
        directoryOffset = (int) pack.entries().getLast().end();
    }

    @Test
    void everyTruncationIsFound() {
        for (int length = 0; length < whole.length; length++) {
            replace(Arrays.copyOf(whole, length));
            assertDamaged(() -> reader.directory(pack.id()));
        }
    }

    @Test
    void everyFlippedBitOfHeaderDirectoryAndTrailerIsFound() {
        int checked = 0;
        for (int at = 0; at < whole.length; at++) {
            if (at >= PackHeader.BYTES && at < directoryOffset) {
                continue;
            }
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                replace(flipped);
                assertDamaged(() -> reader.directory(pack.id()));
                checked++;
            }
        }
        assertThat(checked).isEqualTo(8 * (PackHeader.BYTES + 3 * 22 + 4 * 36 + PackTrailer.BYTES));
    }

    @Test
    void everyFlippedBitOfAFrameIsFoundWhenThatFrameIsRead() {
        for (PackEntry entry : pack.entries()) {
            for (long bit = entry.offset() * 8; bit < entry.end() * 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
                replace(flipped);
                assertThat(reader.directory(pack.id())).isEqualTo(pack);
                assertDamaged(() -> reader.frame(pack.id(), entry));
            }
        }
    }

    @Test
    void bytesBehindThePackAreFound() {
        replace(Arrays.copyOf(whole, whole.length + 1));
        assertDamaged(() -> reader.directory(pack.id()));
        byte[] twice = Arrays.copyOf(whole, 2 * whole.length);
        System.arraycopy(whole, 0, twice, whole.length, whole.length);
        replace(twice);
        assertDamaged(() -> reader.directory(pack.id()));
    }

    @Test
    void aPackOfAnotherRepositoryIsNotRead() {
        PackReader other = new PackReader(store, UUID.randomUUID(), new FrameOpener());
        assertDamaged(() -> other.directory(pack.id()));
    }

    @Test
    void aMissingPackIsNotCalledDamage() {
        store.delete(pack.id().blobName());
        assertFails(StorageErrorCode.BLOB_NOT_FOUND, () -> reader.directory(pack.id()));
        assertFails(
                StorageErrorCode.BLOB_NOT_FOUND,
                () -> reader.frame(pack.id(), pack.entries().getFirst()));
    }

    @Test
    void whatANewerReleaseWroteIsNotCalledDamage() {
        forgeHeader(header -> header.put(7, (byte) 2));
        assertFails(StorageErrorCode.FORMAT_UNSUPPORTED, () -> reader.directory(pack.id()));
        forgeHeader(header -> header.put(8, (byte) 3));
        assertFails(StorageErrorCode.FORMAT_UNSUPPORTED, () -> reader.directory(pack.id()));
        forgeHeader(header -> header.put(11, (byte) 1));
        assertFails(StorageErrorCode.FORMAT_UNSUPPORTED, () -> reader.directory(pack.id()));
        forgeDirectory(directory -> directory.put(16, (byte) 0x21));
        assertFails(StorageErrorCode.FORMAT_UNSUPPORTED, () -> reader.directory(pack.id()));
    }

    @Test
    void impossibleDirectoriesAreRefusedEvenWithARightChecksum() {
        List<Consumer<ByteBuffer>> forgeries = List.of(
                directory -> directory.putLong(0, 31),
                directory -> directory.putLong(0, -1),
                directory -> directory.putInt(8, 0),
                directory -> directory.putInt(8, 701),
                directory -> directory.putInt(8, -1),
                directory -> directory.putInt(12, Integer.MAX_VALUE),
                directory -> directory.putInt(12, 0),
                directory -> directory.put(21, (byte) 0),
                directory -> directory.put(21, (byte) 17),
                directory -> directory.put(21, (byte) 0xff),
                directory -> directory.putInt(22 + 32, 699),
                directory -> directory.putInt(22 + 32, 0),
                directory -> directory.putInt(22 + 32, -1),
                directory -> directory.putLong(58, 0));
        for (Consumer<ByteBuffer> forgery : forgeries) {
            forgeDirectory(forgery);
            assertDamaged(() -> reader.directory(pack.id()));
        }
    }

    @Test
    void aDirectoryThatLeavesFramesOutIsRefused() {
        forge(ByteBuffer.wrap(whole, directoryOffset, 58).slice());
        assertDamaged(() -> reader.directory(pack.id()));
        forge(ByteBuffer.allocate(0));
        assertDamaged(() -> reader.directory(pack.id()));
    }

    @Test
    void anImpossibleTrailerIsRefusedBeforeAnythingIsAllocated() {
        for (int length : new int[] {PackTrailer.MAX_DIRECTORY_BYTES + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            byte[] forged = whole.clone();
            ByteBuffer.wrap(forged).putInt(forged.length - 16, length);
            replace(forged);
            assertDamaged(() -> reader.directory(pack.id()));
        }
        for (long offset : new long[] {-1, 0, 31, Long.MIN_VALUE, Long.MAX_VALUE, directoryOffset + 1L}) {
            byte[] forged = whole.clone();
            ByteBuffer.wrap(forged).putLong(forged.length - 24, offset);
            replace(forged);
            assertDamaged(() -> reader.directory(pack.id()));
        }
    }

    private void forgeHeader(Consumer<ByteBuffer> change) {
        byte[] forged = whole.clone();
        ByteBuffer header = ByteBuffer.wrap(forged);
        change.accept(header);
        header.putInt(28, FrameChecksum.of(header.slice(0, 28)));
        replace(forged);
    }

    private void forgeDirectory(Consumer<ByteBuffer> change) {
        byte[] directory = Arrays.copyOfRange(whole, directoryOffset, whole.length - PackTrailer.BYTES);
        change.accept(ByteBuffer.wrap(directory));
        forge(ByteBuffer.wrap(directory));
    }

    private void forge(ByteBuffer directory) {
        ByteBuffer forged = ByteBuffer.allocate(directoryOffset + directory.remaining() + PackTrailer.BYTES);
        PackTrailer trailer = PackTrailer.of(directoryOffset, directory);
        forged.put(whole, 0, directoryOffset).put(directory).put(trailer.encode());
        byte[] bytes = new byte[forged.flip().remaining()];
        forged.get(bytes);
        replace(bytes);
    }

    private void replace(byte[] bytes) {
        store.corrupt(pack.id().blobName(), bytes);
    }

    private static void assertDamaged(ThrowingCallable call) {
        assertFails(StorageErrorCode.DATA_DAMAGED, call);
    }

    private static void assertFails(StorageErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }
}
