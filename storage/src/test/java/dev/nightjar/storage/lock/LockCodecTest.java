package dev.nightjar.storage.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.chunk.IdKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LockCodecTest {

    private static final Instant MADE_AT = Instant.parse("2026-01-01T00:00:00Z");

    private final LockCodec codec = new LockCodec(new UUID(1, 2), IdKey.of(new byte[32]));
    private final PointLock lock = new PointLock(new UUID(3, 4), Instant.parse("2027-01-01T00:00:00Z"));

    @Test
    void whatWasWrittenForALockIsThatLockAndNoOther() {
        ByteBuffer bytes = codec.encode(lock, MADE_AT);
        assertThat(codec.isOf(lock, bytes)).isTrue();
        assertThat(codec.isOf(new PointLock(new UUID(3, 5), lock.until()), bytes))
                .isFalse();
        assertThat(codec.isOf(new PointLock(lock.point(), lock.until().plusSeconds(1)), bytes))
                .isFalse();
        assertThat(new LockCodec(new UUID(1, 3), IdKey.of(new byte[32])).isOf(lock, bytes))
                .isFalse();
    }

    @Test
    void withAnyBitFlippedItIsNot() {
        for (int bit = 0; bit < LockCodec.BYTES * Byte.SIZE; bit++) {
            ByteBuffer bytes = codec.encode(lock, MADE_AT);
            int at = bit / Byte.SIZE;
            bytes.put(at, (byte) (bytes.get(at) ^ 1 << bit % Byte.SIZE));
            assertThat(codec.isOf(lock, bytes)).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void ofAnotherLengthItIsNotEither() {
        ByteBuffer bytes = codec.encode(lock, MADE_AT);
        assertThat(codec.isOf(lock, bytes.slice(0, LockCodec.BYTES - 1))).isFalse();
        assertThat(codec.isOf(lock, ByteBuffer.allocate(LockCodec.BYTES + 1))).isFalse();
    }
}
