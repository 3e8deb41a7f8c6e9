package dev.nightjar.storage.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChunkHasherTest {

    private static final byte[] KEY = key();
    private final ChunkHasher hasher = new ChunkHasher(IdKey.of(KEY));

    @Test
    void idsAreThoseThatPythonComputes() {
        // hmac.new(bytes(range(32)), b'\x01nightjar', 'sha256') and with \x02
        ByteBuffer text = ByteBuffer.wrap("nightjar".getBytes(StandardCharsets.US_ASCII));
        assertThat(hasher.id(ChunkKind.DATA, text).hex())
                .isEqualTo("b43a4758112872eb90c033bac24ae3320035bb74b12c2c647bab0aa07320b340");
        assertThat(hasher.id(ChunkKind.MAP_NODE, text).hex())
                .isEqualTo("96b829e87b3eb4afd12ffded211e73d1286aa4bad92f50fc40307d104d8f4966");
    }

    @Test
    void aWholeChunkHasTheIdThatPythonComputesFromHeapAndFromDirectMemory() {
        byte[] chunk = new byte[65536];
        for (int i = 0; i < chunk.length; i++) {
            chunk[i] = (byte) (i * 7 + i / 251);
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(chunk.length).put(chunk).flip();
        String expected = "5c44f2b23d79bf84afafad9ba771b84f5cd8d37f7ac201c1bf025b7455306cb4";
        assertThat(hasher.id(ChunkKind.DATA, ByteBuffer.wrap(chunk)).hex()).isEqualTo(expected);
        assertThat(hasher.id(ChunkKind.DATA, direct).hex()).isEqualTo(expected);
        assertThat(hasher.id(ChunkKind.DATA, direct.asReadOnlyBuffer()).hex()).isEqualTo(expected);
    }

    @Property
    void onlyTheBytesBetweenPositionAndLimitCountAndThePositionStays(
            @ForAll byte[] before, @ForAll byte[] content, @ForAll byte[] after) throws Exception {
        ByteBuffer all = ByteBuffer.allocate(before.length + content.length + after.length);
        all.put(before).put(content).put(after).flip();
        all.position(before.length).limit(before.length + content.length);
        assertThat(hasher.id(ChunkKind.DATA, all).toBytes()).isEqualTo(hmac((byte) 1, content));
        assertThat(all.position()).isEqualTo(before.length);
        assertThat(all.remaining()).isEqualTo(content.length);
    }

    @Test
    void oneHasherServesManyThreads() throws Exception {
        Callable<Boolean> work = () -> {
            Random random = new Random(Thread.currentThread().threadId());
            byte[] content = new byte[5000];
            for (int i = 0; i < 500; i++) {
                random.nextBytes(content);
                ChunkId id = hasher.id(ChunkKind.MAP_NODE, ByteBuffer.wrap(content));
                if (!id.equals(ChunkId.of(hmac((byte) 2, content)))) {
                    return false;
                }
            }
            return true;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> results =
                    threads.invokeAll(IntStream.range(0, 4).mapToObj(i -> work).toList());
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    @Property
    void oneByteThatIsNotZeroIsFoundWhereverItIs(
            @ForAll @IntRange(min = 1, max = 200_000) int length, @ForAll @IntRange(max = 199_999) int place) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length + 2);
        buffer.put(0, (byte) 1).put(length + 1, (byte) 1).position(1).limit(length + 1);
        assertThat(ChunkHasher.isZero(buffer)).isTrue();
        buffer.put(1 + place % length, (byte) -128);
        assertThat(ChunkHasher.isZero(buffer)).isFalse();
        assertThat(buffer.position()).isEqualTo(1);
    }

    @Test
    void theKeyIsNotPrinted() {
        IdKey key = IdKey.of(KEY);
        assertThat(key.toString()).isEqualTo("IdKey[secret]");
        assertThat(key).isEqualTo(IdKey.of(KEY)).isNotEqualTo(IdKey.of(new byte[32]));
    }

    private static byte[] hmac(byte kind, byte[] content) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        mac.update(kind);
        return mac.doFinal(content);
    }

    private static byte[] key() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        return key;
    }
}
