package dev.nightjar.storage.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameChecksum;
import dev.nightjar.storage.seal.FrameCodec;
import dev.nightjar.storage.seal.FrameOpener;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of a pack, as docs/format.md says; put together once by a program that shares nothing with this one. */
class PackFormatTest {

    private static final UUID REPOSITORY = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private static final String EXPECTED = String.join(
            "",
            // header: magic and version, kind, zero, repository, checksum
            "4e4a5041434b0001" + "01" + "000000" + "00112233445566778899aabbccddeeff" + "78aa2bf6",
            // the frame: "abcde"
            "6162636465",
            // directory: offset, stored and plain length, codec, checksum, two chunks
            "0000000000000020" + "00000005" + "00000005" + "00" + "c450d697" + "02",
            "01".repeat(32) + "00000003",
            "02".repeat(32) + "00000002",
            // trailer: directory's offset, length, checksum, magic and version
            "0000000000000025" + "0000005e" + "813121f4" + "4e4a50454e440001");

    private static final String EXPECTED_NAME = "a5379afc7b2c42d0a5c92a537662e13513dd8d7b2240963b3bd68d58267621ce";

    @Test
    void aPackHasTheBytesAndTheNameOfTheFormat() {
        MemoryBlobStore store = new MemoryBlobStore();
        try (PackWriter writer = new PackWriter(store, ChunkKind.DATA, REPOSITORY, 1000)) {
            writer.append(frame());
            StoredPack pack = writer.finish();
            assertThat(pack.id().hex()).isEqualTo(EXPECTED_NAME);
            assertThat(HexFormat.of().formatHex(store.get("packs/a5/" + EXPECTED_NAME)))
                    .isEqualTo(EXPECTED);
            assertThat(pack.bytes()).isEqualTo(EXPECTED.length() / 2);
        }
    }

    @Test
    void thePackOfTheFormatIsRead() {
        MemoryBlobStore store = new MemoryBlobStore();
        PackId id = new PackId(EXPECTED_NAME);
        store.putIfAbsent(id.blobName(), ByteBuffer.wrap(HexFormat.of().parseHex(EXPECTED)));
        PackReader reader = new PackReader(store, REPOSITORY, new FrameOpener());
        StoredPack pack = reader.directory(id);
        assertThat(pack.kind()).isEqualTo(ChunkKind.DATA);
        assertThat(pack.entries())
                .containsExactly(new PackEntry(0, 32, 5, 5, FrameCodec.PLAIN, 0xc450d697, frame().chunks()));
        assertThat(StandardCharsets.US_ASCII
                        .decode(reader.frame(id, pack.entries().getFirst()))
                        .toString())
                .isEqualTo("abcde");
    }

    @Test
    void aPackIsNamedByItsHash() {
        PackId id = new PackId(EXPECTED_NAME);
        assertThat(id.blobName()).isEqualTo("packs/a5/" + EXPECTED_NAME);
        assertThat(PackId.ofBlobName(id.blobName())).contains(id);
        assertThat(PackId.of(id.toBytes())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "packs/a6/" + EXPECTED_NAME,
                "packs/" + EXPECTED_NAME,
                "packs/a5/" + EXPECTED_NAME + "0",
                "trash/a5/" + EXPECTED_NAME,
                "packs/a5/readme"
            })
    void otherNamesAreNoPacks(String name) {
        assertThat(PackId.ofBlobName(name)).isEmpty();
    }

    @Test
    void aPackIdIsAHash() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PackId(EXPECTED_NAME.toUpperCase(Locale.ROOT)));
        assertThatIllegalArgumentException().isThrownBy(() -> PackId.of(new byte[31]));
    }

    private static SealedFrame frame() {
        ByteBuffer stored = ByteBuffer.wrap("abcde".getBytes(StandardCharsets.US_ASCII));
        List<ChunkRef> chunks = List.of(new ChunkRef(id(1), 0, 3), new ChunkRef(id(2), 3, 2));
        return new SealedFrame(FrameCodec.PLAIN, stored, 5, FrameChecksum.of(stored), chunks);
    }

    private static ChunkId id(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return ChunkId.of(bytes);
    }
}
