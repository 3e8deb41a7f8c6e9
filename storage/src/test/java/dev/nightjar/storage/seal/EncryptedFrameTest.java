package dev.nightjar.storage.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EncryptedFrameTest {

    private static final ChunkId ID = new ChunkId(1, 2, 3, 4);

    private final DataKey key = DataKey.generate(new SecureRandom());
    private final FrameSealer sealer = new FrameSealer(key);
    private final FrameOpener opener = new FrameOpener(key);

    @AfterEach
    void close() {
        sealer.close();
    }

    @Test
    void whatIsSealedIsOpenedWhetherItCompressesOrNot() {
        for (byte[] plain : List.of(noise(5000), new byte[70_000], noise(1))) {
            SealedFrame frame = sealer.seal(ID, ByteBuffer.wrap(plain));
            assertThat(frame.codec().encrypted()).isTrue();
            assertThat(opener.open(frame, "here")).isEqualTo(ByteBuffer.wrap(plain));
            ByteBuffer direct = ByteBuffer.allocateDirect(plain.length);
            opener.open(frame, direct, "here");
            assertThat(direct).isEqualTo(ByteBuffer.wrap(plain));

            SealedFrame inPlace = sealer.sealInPlace(frame.chunks(), direct.duplicate());
            assertThat(inPlace.codec()).isEqualTo(frame.codec());
            assertThat(opener.open(inPlace, "here")).isEqualTo(ByteBuffer.wrap(plain));
        }
    }

    @Test
    void noTwoFramesHaveTheSameSaltAndNonce() {
        Set<ByteBuffer> seen = new HashSet<>();
        try (FrameSealer another = new FrameSealer(key)) {
            for (int i = 0; i < 1000; i++) {
                FrameSealer one = i % 2 == 0 ? sealer : another;
                ByteBuffer stored = one.seal(ID, ByteBuffer.wrap(new byte[100])).stored();
                assertThat(seen.add(stored.slice(0, 28))).isTrue();
            }
        }
    }

    @Test
    void everyFlippedBitIsNoticedAlsoIfTheChecksumFitsIt() {
        SealedFrame frame = sealer.seal(ID, ByteBuffer.wrap(noise(40)));
        byte[] stored = bytes(frame);
        for (int bit = 0; bit < stored.length * 8; bit++) {
            byte[] flipped = stored.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertFails(StorageErrorCode.DATA_DAMAGED, opener, with(frame, flipped, frame.codec(), frame.chunks()));
        }
    }

    @Test
    void aFrameIsBoundToItsChunksAndItsCodec() {
        SealedFrame frame = sealer.seal(ID, ByteBuffer.wrap(noise(40)));
        List<ChunkRef> others = List.of(new ChunkRef(new ChunkId(1, 2, 3, 5), 0, 40));
        assertFails(StorageErrorCode.DATA_DAMAGED, opener, with(frame, bytes(frame), frame.codec(), others));
        assertFails(
                StorageErrorCode.DATA_DAMAGED,
                opener,
                with(frame, bytes(frame), FrameCodec.ENCRYPTED_ZSTD, frame.chunks()));
    }

    @Test
    void anotherKeyDoesNotOpenItAndWithoutOneItIsLocked() {
        SealedFrame frame = sealer.seal(ID, ByteBuffer.wrap(noise(40)));
        FrameOpener other = new FrameOpener(DataKey.generate(new SecureRandom()));
        assertFails(StorageErrorCode.DATA_DAMAGED, other, frame);
        assertFails(StorageErrorCode.REPOSITORY_LOCKED, new FrameOpener(), frame);
    }

    @Test
    void aFrameThatIsTooShortToBeSealedIsRefused() {
        SealedFrame frame = sealer.seal(ID, ByteBuffer.wrap(new byte[70_000]));
        assertThat(frame.codec()).isEqualTo(FrameCodec.ENCRYPTED_ZSTD);
        assertFails(
                StorageErrorCode.DATA_DAMAGED,
                opener,
                with(frame, Arrays.copyOf(bytes(frame), 43), frame.codec(), frame.chunks()));
    }

    private static void assertFails(StorageErrorCode code, FrameOpener opener, SealedFrame frame) {
        assertThatThrownBy(() -> opener.open(frame, "here"))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static SealedFrame with(SealedFrame frame, byte[] stored, FrameCodec codec, List<ChunkRef> chunks) {
        ByteBuffer buffer = ByteBuffer.wrap(stored);
        return new SealedFrame(codec, buffer, frame.plainLength(), FrameChecksum.of(buffer), chunks);
    }

    private static byte[] bytes(SealedFrame frame) {
        byte[] bytes = new byte[frame.stored().remaining()];
        frame.stored().get(bytes);
        return bytes;
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
