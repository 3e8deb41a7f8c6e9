package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.point.PointRecordCodec;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.seal.FrameChecksum;
import dev.nightjar.storage.seal.FrameOpener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which stored bytes can become other bytes, one at a time: all of it is found, and nothing wrong is ever given out. */
@Timeout(7200)
class RotIT {

    private static final Duration IN_TESTS = Duration.ZERO;
    private static final int PAYLOAD_FLIPS = 10_000;
    private static final int SAMPLED_FLIPS = 60;
    private static final int EVERY_WAY = 10;
    private static final int READ_AS_WELL = 100;
    private static final int HEADER_BYTES = 32;
    private static final int TRAILER_BYTES = 24;
    private static final int UNSEEN = 2_000;
    private static final int SAMPLED_UNSEEN = 20;
    private static final int CRC_BITS = 33;
    private static final long CRC32C_POLYNOMIAL = 0x1_1EDC_6F41L;

    private Campaign campaign;
    private Random random;
    private long checks;
    private long missed;
    private final List<String> firstMissed = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyDamageOfAPackIsFoundByWhoeverReads(boolean encrypted) {
        begin("rot of packs" + (encrypted ? ", encrypted" : ""));
        try (RotBench bench = new RotBench(encrypted, random)) {
            List<String> packs = bench.names("packs/");
            long bits = flipStructure(bench, packs);
            long flips = flipContent(bench, packs);
            long unseen = spoilUnseenByChecksums(bench, packs);
            long cuts = cut(bench, packs);
            long swaps = swap(bench, packs);
            long missing = lose(bench, packs);
            long scrubbed = scrub(bench, packs);
            campaign.report(packs.size() + " packs: " + bits + " bits of headers, directories and trailers, " + flips
                    + " of content, " + unseen + " times content under a checksum that still holds, " + cuts
                    + " cut off, " + swaps + " swapped, " + missing
                    + " missing, all looked for by readers, " + scrubbed + " by scrubs; " + missed
                    + " not found");
        }
        assertThat(missed).as(campaign.seeded(firstMissed.toString())).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyDamageOfAPointRecordIsFound(boolean encrypted) {
        begin("rot of point records" + (encrypted ? ", encrypted" : ""));
        try (RotBench bench = new RotBench(encrypted, random)) {
            RepositoryIdentity identity = RepositoryIdentity.open(bench.blobs, bench.unlock);
            PointRecordCodec codec =
                    new PointRecordCodec(identity.config().repositoryId(), identity.idKey(), identity.dataKey());
            long bits = 0;
            for (String name : bench.names("points/")) {
                byte[] good = bench.blobs.get(name);
                for (int bit = 0; bit < good.length * 8; bit++) {
                    if (!campaign.whole() && random.nextInt(8) > 0) {
                        continue;
                    }
                    bits++;
                    byte[] bad = flipped(good, bit);
                    note(name + " bit " + bit, refuses(() -> codec.decode(ByteBuffer.wrap(bad))));
                }
                if (!campaign.whole() && !name.equals(bench.names("points/").getFirst())) {
                    continue;
                }
                byte[] bad = flipped(good, random.nextInt(good.length * 8));
                bench.blobs.corrupt(name, bad);
                note(name + " in a rebuild", isLeftOut(bench, name));
                note(name + " in a scrub", bench.recordsThatAScrubFindsDamaged(codec) == 1);
                bench.blobs.corrupt(name, Arrays.copyOf(good, random.nextInt(good.length)));
                note(name + " cut off", isLeftOut(bench, name));
                bench.blobs.corrupt(name, good);
            }
            campaign.report(bits + " bits, " + missed + " not found");
        }
        assertThat(missed).as(campaign.seeded(firstMissed.toString())).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyDamageOfConfigurationAndKeyIsFoundOrMeansTheSame(boolean encrypted) {
        begin("rot of configuration and key" + (encrypted ? ", encrypted" : ""));
        try (RotBench bench = new RotBench(encrypted, random)) {
            RepositoryIdentity right = RepositoryIdentity.open(bench.blobs, bench.unlock);
            List<String> names = new ArrayList<>(bench.names("keys/"));
            names.addAll(bench.names("config"));
            boolean all = campaign.whole();
            long bits = 0;
            for (String name : names) {
                byte[] good = bench.blobs.get(name);
                for (int bit = 0; bit < good.length * 8; bit++) {
                    if (all || random.nextInt(60) == 0) {
                        bits++;
                        bench.blobs.corrupt(name, flipped(good, bit));
                        note(name + " bit " + bit, refusesOrIs(bench.blobs, bench.unlock, right));
                    }
                }
                for (int length = 0; length < good.length - 1; length++) {
                    bench.blobs.corrupt(name, Arrays.copyOf(good, length));
                    note(name + " cut off at " + length, refuses(() -> open(bench.blobs, bench.unlock)));
                }
                bench.blobs.corrupt(name, good);
            }
            campaign.report(bits + " bits, " + missed + " not found");
        }
        assertThat(missed).as(campaign.seeded(firstMissed.toString())).isZero();
    }

    /** Each bit of header, directory and trailer. Whoever reads a pack begins with its directory. */
    private long flipStructure(RotBench bench, List<String> packs) {
        PackReader reader = reader(bench);
        long done = 0;
        for (String name : packs) {
            PackId pack = PackId.ofBlobName(name).orElseThrow();
            byte[] good = bench.blobs.get(name);
            int directory = directoryOffset(good);
            for (int bit = 0; bit < good.length * 8; bit = bit == HEADER_BYTES * 8 - 1 ? directory * 8 : bit + 1) {
                if (!campaign.whole() && random.nextInt(30) > 0) {
                    continue;
                }
                done++;
                byte[] bad = flipped(good, bit);
                bench.blobs.corrupt(name, bad);
                note(name + " bit " + bit, refuses(() -> reader.directory(pack)));
                if (random.nextInt(READ_AS_WELL) == 0) {
                    damage(bench, name, bad, "bit " + bit, good);
                }
            }
            bench.blobs.corrupt(name, good);
        }
        return done;
    }

    private long flipContent(RotBench bench, List<String> packs) {
        long done = 0;
        while (done < SAMPLED_FLIPS || (campaign.whole() && (done < PAYLOAD_FLIPS || campaign.hasTime()))) {
            String name = packs.get(random.nextInt(packs.size()));
            byte[] good = bench.blobs.get(name);
            int directory = directoryOffset(good);
            int bit = HEADER_BYTES * 8 + random.nextInt((directory - HEADER_BYTES) * 8);
            damage(bench, name, flipped(good, bit), "bit " + bit, good);
            done++;
        }
        return done;
    }

    /** What the checksum of a frame does not see: only the id of a chunk, or the seal, tells of it. */
    private long spoilUnseenByChecksums(RotBench bench, List<String> packs) {
        PackReader reader = reader(bench);
        long done = 0;
        while (done < (campaign.whole() ? UNSEEN : SAMPLED_UNSEEN)) {
            String name = packs.get(random.nextInt(packs.size()));
            byte[] good = bench.blobs.get(name);
            List<PackEntry> frames =
                    reader.directory(PackId.ofBlobName(name).orElseThrow()).entries();
            PackEntry frame = frames.get(random.nextInt(frames.size()));
            int room = frame.storedLength() * 8 - CRC_BITS;
            if (room > 0) {
                int at = (int) frame.offset() * 8 + random.nextInt(room);
                byte[] bad = multipleOfPolynomial(good, at);
                assertThat(FrameChecksum.of(ByteBuffer.wrap(bad, (int) frame.offset(), frame.storedLength())))
                        .isEqualTo(frame.crc32c());
                damage(bench, name, bad, "from bit " + at + " on, unseen by the checksum", good);
                done++;
            }
        }
        return done;
    }

    /** A checksum of this kind stays as it is if what changes is a multiple of its polynomial. */
    private static byte[] multipleOfPolynomial(byte[] good, int at) {
        byte[] bad = good.clone();
        for (int bit = 0; bit < CRC_BITS; bit++) {
            if ((CRC32C_POLYNOMIAL >>> (CRC_BITS - 1 - bit) & 1) == 1) {
                bad[(at + bit) / 8] ^= (byte) (1 << (at + bit) % 8);
            }
        }
        return bad;
    }

    private long cut(RotBench bench, List<String> packs) {
        long done = 0;
        PackReader reader =
                new PackReader(bench.blobs, bench.repository.config().repositoryId(), new FrameOpener(null));
        for (String name : packs) {
            byte[] good = bench.blobs.get(name);
            StoredPack pack = reader.directory(PackId.ofBlobName(name).orElseThrow());
            List<Integer> lengths = new ArrayList<>(List.of(0, 1, HEADER_BYTES - 1, HEADER_BYTES));
            for (PackEntry frame : pack.entries()) {
                lengths.add((int) frame.offset() + frame.storedLength());
            }
            lengths.addAll(List.of(directoryOffset(good), good.length - TRAILER_BYTES, good.length - 1));
            for (int i = 0; i < (campaign.whole() ? 200 : 5); i++) {
                lengths.add(random.nextInt(good.length));
            }
            for (int length : lengths) {
                if (!campaign.whole() && random.nextInt(8) > 0) {
                    continue;
                }
                damage(bench, name, Arrays.copyOf(good, length), "cut off at " + length, good);
                done++;
            }
        }
        return done;
    }

    private long swap(RotBench bench, List<String> packs) {
        long done = 0;
        for (String one : packs) {
            for (String other : packs) {
                if (one.compareTo(other) < 0 && (campaign.whole() || random.nextInt(8) == 0)) {
                    byte[] first = bench.blobs.get(one);
                    byte[] second = bench.blobs.get(other);
                    bench.blobs.corrupt(one, second);
                    bench.blobs.corrupt(other, first);
                    if (done == 0) {
                        note(one + " and " + other + " in a scrub", bench.packsThatAScrubFindsDamaged() == 2);
                    }
                    String what = campaign.seeded(one + " swapped with " + other);
                    note(what, bench.isFound(what, true));
                    bench.blobs.corrupt(other, second);
                    bench.blobs.corrupt(one, first);
                    done++;
                }
            }
        }
        return done;
    }

    /** A scrub reads all of every pack and says which one it is, no more and no less. */
    private long scrub(RotBench bench, List<String> packs) {
        int most = campaign.whole() ? 1_000 : 4;
        for (int i = 0; i < most; i++) {
            String name = packs.get(random.nextInt(packs.size()));
            byte[] good = bench.blobs.get(name);
            boolean cut = i % 4 == 0;
            bench.blobs.corrupt(
                    name,
                    cut
                            ? Arrays.copyOf(good, random.nextInt(good.length))
                            : flipped(good, random.nextInt(good.length * 8)));
            note(name + " in a scrub", bench.packsThatAScrubFindsDamaged() == 1);
            bench.blobs.corrupt(name, good);
        }
        note("mended packs in a scrub", bench.packsThatAScrubFindsDamaged() == 0);
        return most;
    }

    private long lose(RotBench bench, List<String> packs) {
        for (String name : packs) {
            byte[] good = bench.blobs.get(name);
            bench.blobs.delete(name);
            note(name + " missing", bench.isFound(name + " missing", true));
            bench.blobs.corrupt(name, good);
        }
        return packs.size();
    }

    private static PackReader reader(RotBench bench) {
        return new PackReader(bench.blobs, bench.repository.config().repositoryId(), new FrameOpener(null));
    }

    private void damage(RotBench bench, String name, byte[] bad, String how, byte[] good) {
        bench.blobs.corrupt(name, bad);
        String what = campaign.seeded(name + " " + how);
        checks++;
        note(what, bench.isFound(what, checks % EVERY_WAY == 0));
        bench.blobs.corrupt(name, good);
    }

    private static boolean isLeftOut(RotBench bench, String name) {
        try (Repository elsewhere = Repository.open(bench.blobs, bench.unlock, CatalogServer.freshDatabase())) {
            return elsewhere.rebuild(ProgressListener.NONE).leftOutPoints().stream()
                            .map(left -> left.name())
                            .toList()
                            .equals(List.of(name))
                    && elsewhere.points().size() == 1;
        }
    }

    private static boolean refusesOrIs(MemoryBlobStore blobs, Unlock unlock, RepositoryIdentity right) {
        Predicate<RepositoryIdentity> same = now -> now.config().equals(right.config())
                && Arrays.equals(now.idKey().toBytes(), right.idKey().toBytes());
        try {
            return same.test(RepositoryIdentity.open(blobs, unlock));
        } catch (StorageException e) {
            return true;
        }
    }

    private static void open(MemoryBlobStore blobs, Unlock unlock) {
        assertThat(RepositoryIdentity.open(blobs, unlock)).isNotNull();
    }

    private static boolean refuses(Runnable reading) {
        try {
            reading.run();
            return false;
        } catch (StorageException e) {
            return true;
        }
    }

    private void begin(String name) {
        campaign = Campaign.begin(name, IN_TESTS);
        random = campaign.random();
    }

    private void note(String what, boolean found) {
        if (!found) {
            missed++;
            if (firstMissed.size() < 10) {
                firstMissed.add(what);
            }
        }
    }

    private static int directoryOffset(byte[] pack) {
        return (int) ByteBuffer.wrap(pack).getLong(pack.length - TRAILER_BYTES);
    }

    private static byte[] flipped(byte[] good, int bit) {
        byte[] bad = good.clone();
        bad[bit / 8] ^= (byte) (1 << bit % 8);
        return bad;
    }
}
