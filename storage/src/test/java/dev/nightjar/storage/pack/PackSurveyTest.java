package dev.nightjar.storage.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameSealer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of packs that are not what they were. */
class PackSurveyTest {

    private static final UUID REPOSITORY = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final int FRAMES = 5;

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final PackSurveyor surveyor = new PackSurveyor(store, REPOSITORY, Pace.UNLIMITED);
    private StoredPack pack;
    private byte[] good;

    @BeforeEach
    void write() {
        pack = pack(1);
        good = store.get(pack.id().blobName());
    }

    @Test
    void aPackThatIsAsItWasWrittenHasNoFlaw() {
        assertThat(surveyor.survey(pack.id(), ChunkKind.DATA, good.length)).isEmpty();
    }

    @Test
    void everyBitThatFlipsIsFoundAndNamedByWhereItLies() {
        long directory = pack.entries().getLast().end();
        for (int bit = 0; bit < good.length * 8; bit++) {
            int at = bit / 8;
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << bit % 8);
            PackSurvey survey = survey(bad);
            PackFlaw expected = at < PackHeader.BYTES
                    ? PackFlaw.HEADER
                    : at < directory
                            ? PackFlaw.FRAMES
                            : at < good.length - PackTrailer.BYTES ? PackFlaw.DIRECTORY : PackFlaw.TRAILER;
            assertThat(survey.flaws()).as("bit %s of byte %s", bit % 8, at).contains(expected);
            assertThat(survey.flaws().contains(PackFlaw.OTHER_PACK)).isFalse();
            assertThat(survey.spoilsEverything()).isEqualTo(expected != PackFlaw.FRAMES);
            assertThat(survey.certain()).isEqualTo(expected != PackFlaw.DIRECTORY);
            for (PackEntry frame : survey.sound()) {
                if (survey.certain()) {
                    assertThat(pack.entries()).contains(frame);
                }
            }
        }
    }

    @Test
    void ofABrokenFrameExactlyItsChunksAreNamed() {
        PackEntry broken = pack.entries().get(3);
        byte[] bad = good.clone();
        bad[(int) broken.offset()] ^= 4;
        PackSurvey survey = survey(bad);
        assertThat(survey.flaws()).containsExactly(PackFlaw.FRAMES);
        assertThat(survey.broken()).containsExactly(broken);
        assertThat(survey.sound()).hasSize(FRAMES - 1).doesNotContain(broken);
    }

    @Test
    void withoutHeaderOrTrailerEveryFrameIsStillKnown() {
        byte[] bad = good.clone();
        Arrays.fill(bad, 0, 8, (byte) 0);
        Arrays.fill(bad, bad.length - 24, bad.length - 12, (byte) 0x77);
        PackSurvey survey = survey(bad);
        assertThat(survey.flaws()).containsExactlyInAnyOrder(PackFlaw.HEADER, PackFlaw.TRAILER);
        assertThat(survey.sound()).isEqualTo(pack.entries());
        assertThat(survey.certain())
                .as("the trailer still has the directory's checksum")
                .isTrue();
    }

    @Test
    void aWholeTrailerOfNothingLeavesTheDirectoryInDoubt() {
        byte[] bad = good.clone();
        Arrays.fill(bad, bad.length - 24, bad.length, (byte) 0);
        PackSurvey survey = survey(bad);
        assertThat(survey.flaws()).containsExactly(PackFlaw.TRAILER);
        assertThat(survey.sound()).isEqualTo(pack.entries());
        assertThat(survey.certain()).isFalse();
    }

    @Test
    void everyTruncationIsFound() {
        for (int length = 0; length < good.length; length++) {
            PackSurvey survey = survey(Arrays.copyOf(good, length));
            assertThat(survey.flaws()).as("length %s", length).contains(PackFlaw.LENGTH);
            assertThat(survey.spoilsEverything()).isTrue();
        }
    }

    @Test
    void whatWasAppendedIsFoundAndTheFramesAreStillKnown() {
        PackSurvey survey = survey(Arrays.copyOf(good, good.length + 1000));
        assertThat(survey.flaws()).containsExactly(PackFlaw.LENGTH);
        assertThat(survey.sound()).isEqualTo(pack.entries());
        assertThat(survey.certain()).isTrue();
    }

    @Test
    void anotherPackUnderTheNameIsToldFromDamage() {
        StoredPack other = pack(2);
        byte[] bytes = store.get(other.id().blobName());
        store.corrupt(pack.id().blobName(), bytes);
        PackSurvey survey =
                surveyor.survey(pack.id(), ChunkKind.DATA, bytes.length).orElseThrow();
        assertThat(survey.flaws()).containsExactly(PackFlaw.OTHER_PACK);
        assertThat(survey.actual()).isEqualTo(other.id());
    }

    @Test
    void aMissingPackIsMissing() {
        store.delete(pack.id().blobName());
        assertThat(surveyor.survey(pack.id(), ChunkKind.DATA, good.length))
                .hasValueSatisfying(survey -> assertThat(survey.flaws()).containsExactly(PackFlaw.MISSING));
    }

    @Test
    void aPackThatIsWrittenAgainLeavesTheDamagedOneAlone() {
        byte[] bad = good.clone();
        bad[50] ^= 1;
        store.corrupt(pack.id().blobName(), bad);
        StoredPack again = pack(1);
        assertThat(again.id()).isNotEqualTo(pack.id());
        assertThat(again.entries()).hasSize(FRAMES + 1);
        assertThat(store.get(pack.id().blobName())).isEqualTo(bad);
        assertThat(new PackTrash(store).names()).isEmpty();
    }

    private PackSurvey survey(byte[] bad) {
        store.corrupt(pack.id().blobName(), bad);
        return surveyor.survey(pack.id(), ChunkKind.DATA, good.length).orElseThrow();
    }

    private StoredPack pack(long seed) {
        Random random = new Random(seed);
        try (FrameSealer sealer = new FrameSealer();
                PackWriter writer = new PackWriter(store, ChunkKind.DATA, REPOSITORY, 1 << 20)) {
            for (int frame = 0; frame < FRAMES; frame++) {
                List<ChunkRef> chunks = new ArrayList<>();
                byte[] plain = new byte[40];
                random.nextBytes(plain);
                for (int place = 0; place < 2; place++) {
                    ChunkId id = new ChunkId(random.nextLong(), random.nextLong(), random.nextLong(), place);
                    chunks.add(new ChunkRef(id, place * 20, 20));
                }
                writer.append(sealer.seal(chunks, ByteBuffer.wrap(plain)));
            }
            return writer.finish();
        }
    }
}
