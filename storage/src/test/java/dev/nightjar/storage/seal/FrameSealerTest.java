package dev.nightjar.storage.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameSealerTest {

    private static final ChunkId ID = new ChunkId(1, 2, 3, 4);
    private final FrameOpener opener = new FrameOpener();

    @Property(tries = 200)
    void whatIsSealedIsOpenedAgain(
            @ForAll @IntRange(min = 1, max = 16) int chunks,
            @ForAll @IntRange(min = 1, max = 65_536) int lastBytes,
            @ForAll @IntRange(max = 256) int entropy,
            @ForAll boolean direct,
            @ForAll long seed) {
        ByteBuffer plain = content((chunks - 1) * 65_536 + lastBytes, entropy, seed, direct);
        List<ChunkRef> refs = ChunkRef.backToBack(ids(chunks), 65_536, plain.remaining());
        try (FrameSealer sealer = new FrameSealer()) {
            sealer.seal(ID, content(70_000, 8, seed, false));
            SealedFrame frame = sealer.seal(refs, plain);
            assertThat(opener.open(frame, "here")).isEqualTo(plain);
            assertThat(frame.plainLength()).isEqualTo(plain.remaining());
            assertThat(frame.stored().remaining()).isLessThanOrEqualTo(plain.remaining());
            assertThat(frame.chunks()).isEqualTo(refs);
        }
    }

    @Property(tries = 200)
    void whatIsSealedInItsPlaceIsTheSameFrameAndLeavesWhatIsAroundItAlone(
            @ForAll @IntRange(min = 1, max = 70_000) int length,
            @ForAll @IntRange(max = 256) int entropy,
            @ForAll boolean direct,
            @ForAll long seed) {
        ByteBuffer all = content(length + 20, entropy, seed, direct);
        byte[] before = bytes(all);
        ByteBuffer plain = all.duplicate().position(10).limit(length + 10);
        try (FrameSealer sealer = new FrameSealer()) {
            SealedFrame elsewhere = sealer.seal(ID, plain);
            SealedFrame inPlace = sealer.sealInPlace(elsewhere.chunks(), plain);
            assertThat(inPlace).isEqualTo(elsewhere);
            assertThat(opener.open(inPlace, "here")).isEqualTo(ByteBuffer.wrap(before, 10, length));
            assertThat(plain.position()).isEqualTo(10);
            assertThat(plain.limit()).isEqualTo(length + 10);
            byte[] after = bytes(all);
            assertThat(Arrays.copyOf(after, 10)).isEqualTo(Arrays.copyOf(before, 10));
            assertThat(Arrays.copyOfRange(after, length + 10, length + 20))
                    .isEqualTo(Arrays.copyOfRange(before, length + 10, length + 20));
        }
    }

    @Test
    void whatDoesNotCompressIsStoredAsItIs() {
        ByteBuffer noise = content(65_536, 256, 1, false);
        try (FrameSealer sealer = new FrameSealer()) {
            SealedFrame frame = sealer.seal(ID, noise);
            assertThat(frame.codec()).isEqualTo(FrameCodec.PLAIN);
            assertThat(frame.stored()).isEqualTo(noise);
            noise.put(0, (byte) (noise.get(0) + 1));
            assertThat(frame.stored())
                    .as("does not refer to the caller's buffer")
                    .isNotEqualTo(noise);
        }
    }

    @Test
    void whatCompressesIsAFrameThatTheZstdCommandOpens(@TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(hasZstdCommand(), "needs the zstd command");
        ByteBuffer plain = content(300_000, 8, 1, false);
        Path stored = directory.resolve("frame.zst");
        Path opened = directory.resolve("frame");
        try (FrameSealer sealer = new FrameSealer()) {
            SealedFrame frame = sealer.seal(ChunkRef.backToBack(ids(5), 65_536, 300_000), plain);
            assertThat(frame.codec()).isEqualTo(FrameCodec.ZSTD);
            Files.write(stored, bytes(frame.stored()));
        }
        Process zstd = new ProcessBuilder("zstd", "-d", "-q", stored.toString(), "-o", opened.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(zstd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(zstd.waitFor()).as(said).isZero();
        assertThat(Files.readAllBytes(opened)).isEqualTo(bytes(plain));
    }

    @Property(tries = 200)
    void aFlippedBitIsNeverHandedOut(
            @ForAll @IntRange(max = 255) int entropy, @ForAll @IntRange(max = 1 << 20) int bit, @ForAll long seed) {
        try (FrameSealer sealer = new FrameSealer()) {
            SealedFrame frame = sealer.seal(ID, content(4096, entropy, seed, false));
            byte[] stored = bytes(frame.stored());
            int flipped = bit % (stored.length * 8);
            stored[flipped / 8] ^= (byte) (1 << flipped % 8);
            assertDamaged(with(frame, stored, frame.plainLength(), frame.crc32c()));
        }
    }

    @Test
    void aWrongLengthIsFoundBeforeAnythingIsDecompressed() {
        try (FrameSealer sealer = new FrameSealer()) {
            SealedFrame frame = sealer.seal(ID, content(60_000, 4, 7, false));
            byte[] stored = bytes(frame.stored());
            assertDamaged(with(frame, stored, 59_999, frame.crc32c()));
            assertDamaged(with(frame, stored, 60_001, frame.crc32c()));
        }
    }

    @Test
    void bytesThatAreNotZstdAreDamageEvenWithARightChecksum() {
        byte[] noise = bytes(content(5000, 256, 3, false));
        List<ChunkRef> chunks = List.of(new ChunkRef(ID, 0, 6000));
        ByteBuffer stored = ByteBuffer.wrap(noise);
        assertDamaged(new SealedFrame(FrameCodec.ZSTD, stored, 6000, FrameChecksum.of(stored), chunks));
        try (FrameSealer sealer = new FrameSealer()) {
            byte[] cut = bytes(sealer.seal(ID, content(6000, 4, 7, false)).stored());
            ByteBuffer shorter = ByteBuffer.wrap(cut, 0, cut.length - 1);
            assertDamaged(new SealedFrame(FrameCodec.ZSTD, shorter, 6000, FrameChecksum.of(shorter), chunks));
        }
    }

    @Test
    void framesThatContradictThemselvesAreRefused() {
        ByteBuffer plain = content(1024 * 1024 + 1, 4, 7, false);
        try (FrameSealer sealer = new FrameSealer()) {
            assertThatIllegalArgumentException().isThrownBy(() -> sealer.seal(List.of(), plain));
            assertThatIllegalArgumentException().isThrownBy(() -> sealer.seal(ID, plain));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> sealer.seal(ChunkRef.backToBack(ids(17), 16, 272), plain.slice(0, 272)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> sealer.seal(List.of(new ChunkRef(ID, 1, 9)), plain.slice(0, 10)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> sealer.seal(List.of(new ChunkRef(ID, 0, 9)), plain.slice(0, 10)));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkRef.backToBack(ids(2), 16, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkRef.backToBack(ids(2), 16, 33));
    }

    @Test
    void theChecksumIsCrc32cOfAllPieces() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(FrameChecksum.of(ByteBuffer.wrap(digits))).isEqualTo(0xE3069283);
        assertThat(FrameChecksum.of(ByteBuffer.wrap(digits, 0, 4), ByteBuffer.wrap(digits, 4, 5)))
                .isEqualTo(0xE3069283);
    }

    private void assertDamaged(SealedFrame frame) {
        assertThatThrownBy(() -> opener.open(frame, "pack p offset 32"))
                .isInstanceOfSatisfying(StorageException.class, e -> {
                    assertThat(e.code()).isEqualTo(StorageErrorCode.DATA_DAMAGED);
                    assertThat(e).hasMessageContaining("pack p offset 32");
                });
    }

    private static SealedFrame with(SealedFrame frame, byte[] stored, int plainLength, int crc32c) {
        return new SealedFrame(
                frame.codec(), ByteBuffer.wrap(stored), plainLength, crc32c, List.of(new ChunkRef(ID, 0, plainLength)));
    }

    private static List<ChunkId> ids(int count) {
        return LongStream.range(0, count).mapToObj(i -> new ChunkId(i, 0, 0, 0)).toList();
    }

    private static ByteBuffer content(int length, int entropy, long seed, boolean direct) {
        Random random = new Random(seed);
        ByteBuffer content = direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
        while (content.hasRemaining()) {
            content.put((byte) random.nextInt(Math.max(1, entropy)));
        }
        return content.flip();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static boolean hasZstdCommand() throws InterruptedException {
        try {
            return new ProcessBuilder("zstd", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
