package dev.nightjar.storage.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.IdKey;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.seal.DataKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class PointRecordCodecTest {

    private static final UUID REPOSITORY = new UUID(1, 2);
    private static final IdKey KEY = IdKey.of(new byte[32]);

    private final PointRecordCodec codec = new PointRecordCodec(REPOSITORY, KEY, null);

    @Test
    void aRecordComesBackAsItWasWritten() {
        assertThat(codec.decode(codec.encode(full()))).isEqualTo(full());
        assertThat(codec.decode(codec.encode(bare()))).isEqualTo(bare());
    }

    @Test
    void theEncodingStaysWhatItWas() throws Exception {
        // Whoever changes this changes the format: raise the version.
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(bytes(codec.encode(full())));
        assertThat(HexFormat.of().formatHex(sha256))
                .isEqualTo("78f5c44c5b63a870010db9c278324e8d911f14cc0ccf5109664c622cb5a87a09");
    }

    @Test
    void aRecordOfTheFirstVersionIsADiskThatWasReadToItsLastByte() throws Exception {
        // As the first release wrote it: no protection after the version, no ranges and no origin before the tag.
        byte[] bare = bytes(codec.encode(bare()));
        byte[] body = Arrays.copyOfRange(bare, 1, bare.length - 32 - 5);
        System.arraycopy(bare, 0, body, 0, 7);
        body[7] = 1;
        assertThat(codec.decode(tagged(body))).isEqualTo(bare());
    }

    @Test
    void aRecordOfTheSecondVersionWasTakenWhereItIs() throws Exception {
        byte[] bare = bytes(codec.encode(bare()));
        byte[] body = Arrays.copyOf(bare, bare.length - 32 - 1);
        body[7] = 2;
        assertThat(codec.decode(tagged(body))).isEqualTo(bare());
    }

    private static ByteBuffer tagged(byte[] body) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
        mac.update((byte) 3);
        return ByteBuffer.allocate(body.length + 32)
                .put(body)
                .put(mac.doFinal(body))
                .flip();
    }

    @Test
    void aSealedRecordTellsNothingWithoutTheKey() {
        PointRecordCodec sealing = new PointRecordCodec(REPOSITORY, KEY, DataKey.generate(new SecureRandom()));
        ByteBuffer sealed = sealing.encode(full());
        assertThat(sealing.decode(sealed)).isEqualTo(full());
        assertThat(new String(bytes(sealed.duplicate()), StandardCharsets.UTF_8))
                .doesNotContain("chine", "vda");
        for (PointRecordCodec other :
                List.of(codec, new PointRecordCodec(REPOSITORY, KEY, DataKey.generate(new SecureRandom())))) {
            assertThatThrownBy(() -> other.decode(sealed))
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.DATA_DAMAGED));
        }
        assertThatThrownBy(() -> sealing.decode(codec.encode(full()))).hasMessageContaining("not protected");
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] record = bytes(codec.encode(full()));
        for (int bit = 0; bit < record.length * 8; bit++) {
            byte[] damaged = record.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(damaged))).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void everyCutOffRecordIsNoticed() {
        byte[] record = bytes(codec.encode(full()));
        for (int length = 0; length < record.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(record, 0, length);
            assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void aRecordMadeUpWithoutTheKeyIsRefused() {
        byte[] other = new byte[32];
        other[31] = 1;
        ByteBuffer forged = new PointRecordCodec(REPOSITORY, IdKey.of(other), null).encode(full());
        assertThatThrownBy(() -> codec.decode(forged))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(StorageErrorCode.DATA_DAMAGED));
    }

    @Test
    void aRecordOfAnotherRepositoryIsRefused() {
        ByteBuffer strange = new PointRecordCodec(new UUID(9, 9), KEY, null).encode(full());
        assertThatThrownBy(() -> codec.decode(strange)).hasMessageContaining("another repository");
    }

    @Test
    void aRecordOfANewerReleaseIsSaidToBeOne() {
        byte[] newer = bytes(codec.encode(full()));
        newer[7] = PointRecord.FORMAT_VERSION + 1;
        assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(newer)))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.code()).isEqualTo(StorageErrorCode.FORMAT_UNSUPPORTED));
    }

    @Test
    void namesOfRecordsAreUnderstoodOnlyAsTheyAreWritten() {
        UUID id = new UUID(0xabcdef, 5);
        assertThat(PointName.parse(PointName.of(id))).contains(id);
        assertThat(PointName.parse("points/1-2-3-4-5")).isEmpty();
        assertThat(PointName.parse("points/x")).isEmpty();
        assertThat(PointName.parse("packs/" + id)).isEmpty();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static PointRecord full() {
        return new PointRecord(
                new UUID(3, 4),
                new UUID(5, 6),
                new UUID(7, 8),
                new UUID(9, 10),
                "mächine ✓",
                "vda",
                Instant.parse("2026-02-03T04:05:06.789012Z"),
                1L << 40,
                new MapRoot(new ChunkId(1, 2, 3, 4), 1L << 24),
                "APPLICATION",
                CaptureMode.INCREMENTAL,
                new Checkpoint("nightjar-1", "node0"),
                new UUID(11, 12),
                new PointTotals(1, 2, 3, 4, 5),
                new DamagedRanges(
                        List.of(new DamagedRanges.Range(512, 1024), new DamagedRanges.Range(1L << 39, 65536))),
                new UUID(13, 14));
    }

    private static PointRecord bare() {
        return new PointRecord(
                new UUID(3, 4),
                new UUID(5, 6),
                new UUID(7, 8),
                new UUID(9, 10),
                "m",
                "d",
                Instant.EPOCH,
                0,
                MapRoot.zero(0),
                "CRASH",
                CaptureMode.FULL,
                null,
                null,
                new PointTotals(0, 0, 0, 0, 0),
                DamagedRanges.NONE,
                null);
    }
}
