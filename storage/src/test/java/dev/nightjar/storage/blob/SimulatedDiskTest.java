package dev.nightjar.storage.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model of a file system keeps POSIX's promises and no others. */
class SimulatedDiskTest {

    @TempDir
    Path base;

    private final List<String> told = new ArrayList<>();
    private SimulatedDisk disk;

    @BeforeEach
    void makeDisk() {
        disk = new SimulatedDisk(base, told::add);
    }

    @Test
    void withoutLossTheModelIsWhatTheFileSystemHas() throws IOException {
        BlobStore store = disk.create("r");
        for (int i = 0; i < 30; i++) {
            store.putIfAbsent("packs/a" + i % 4 + "/" + i, ByteBuffer.wrap(("content " + i).getBytes(US_ASCII)));
            if (i % 3 == 0) {
                store.delete("packs/a" + i % 4 + "/" + i);
            }
        }
        PendingBlob unfinished = store.create();
        unfinished.write(ByteBuffer.wrap(new byte[1000]));

        SortedMap<String, byte[]> modelled = crash(disk.operations(), LossPolicy.NOTHING);

        SortedMap<String, byte[]> real = realFiles();
        assertThat(modelled.keySet()).isEqualTo(real.keySet());
        modelled.forEach((path, content) -> assertThat(content).as(path).isEqualTo(real.get(path)));
        assertThat(told).hasSize(disk.operations());
        unfinished.abort();
    }

    @Test
    void whatAStoreHasAcknowledgedNoCrashTakes() {
        BlobStore store = disk.create("r");
        store.putIfAbsent("packs/ab/1", ByteBuffer.wrap(new byte[] {1, 2, 3}));
        store.putIfAbsent("packs/ab/2", ByteBuffer.wrap(new byte[] {4}));
        store.delete("packs/ab/2");
        for (LossPolicy policy : LossPolicy.values()) {
            SortedMap<String, byte[]> left = crash(disk.operations(), policy);
            assertThat(left).as("%s", policy).doesNotContainKey("r/packs/ab/2");
            assertThat(left.get("r/packs/ab/1")).as("%s", policy).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aNameIsNotDurableBeforeItsDirectoryIsSyncedNorBytesBeforeTheirFileIs() throws IOException {
        disk.createDirectory(base.resolve("d"));
        FileOperations.OpenFile file = disk.createFile(base.resolve("d/f"));
        file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        file.close();
        assertThat(crash(3, LossPolicy.EVERYTHING)).isEmpty();
        assertThat(crash(3, LossPolicy.NEW_NAMES)).isEmpty();
        assertThat(crash(3, LossPolicy.DATA).get("d/f")).isEmpty();
        assertThat(crash(3, LossPolicy.DATA_BUT_LENGTH).get("d/f")).containsExactly(0, 0, 0, 0);
        assertThat(crash(3, LossPolicy.NOTHING).get("d/f")).containsExactly(1, 2, 3, 4);
        disk.syncDirectory(base.resolve("d"));
        assertThat(crash(4, LossPolicy.EVERYTHING))
                .as("the directory's own name is not durable")
                .isEmpty();
        disk.syncDirectory(base);
        assertThat(crash(5, LossPolicy.EVERYTHING).get("d/f"))
                .as("names, but no bytes")
                .isEmpty();
    }

    @Test
    void aNameThatWentComesBackUnlessItsDirectoryIsSynced() throws IOException {
        disk.createFile(base.resolve("f")).close();
        disk.syncDirectory(base);
        disk.delete(base.resolve("f"));
        assertThat(crash(3, LossPolicy.EVERYTHING)).containsKey("f");
        assertThat(crash(3, LossPolicy.REMOVALS)).containsKey("f");
        assertThat(crash(3, LossPolicy.NEW_NAMES)).isEmpty();
        disk.syncDirectory(base);
        for (LossPolicy policy : LossPolicy.values()) {
            assertThat(crash(4, policy)).as("%s", policy).isEmpty();
        }
    }

    @Test
    void chanceFindsEveryCombinationOfNamesAndEveryLength() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            FileOperations.OpenFile file = disk.createFile(base.resolve(name));
            file.write(ByteBuffer.wrap(new byte[] {1, 2}));
            file.close();
        }
        Set<Set<String>> names = new HashSet<>();
        Set<Integer> lengths = new HashSet<>();
        Random random = new Random(1);
        DiskReplay replay = disk.replay();
        replay.advance(disk.operations());
        for (int i = 0; i < 500; i++) {
            SortedMap<String, byte[]> left = replay.crash(LossPolicy.ANYTHING, random);
            names.add(Set.copyOf(left.keySet()));
            left.values().forEach(content -> lengths.add(content.length));
        }
        assertThat(names).hasSize(8);
        assertThat(lengths).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void aDeadProcessChangesNothing() {
        BlobStore store = disk.create("r");
        disk.dieAfter(disk.operations() + 3);
        assertThatThrownBy(() -> store.putIfAbsent("points/a", ByteBuffer.allocate(10)))
                .isInstanceOf(StorageException.class);
        int operations = disk.operations();
        assertThatThrownBy(() -> store.putIfAbsent("points/b", ByteBuffer.allocate(10)))
                .isInstanceOf(StorageException.class);
        assertThat(disk.operations()).isEqualTo(operations);
        disk.dieAfter(Integer.MAX_VALUE);
        assertThat(disk.open("r").exists("points/a")).isFalse();
        try (Stream<BlobInfo> blobs = store.list("")) {
            assertThat(blobs).isEmpty();
        }
    }

    private SortedMap<String, byte[]> crash(int after, LossPolicy policy) {
        DiskReplay replay = disk.replay();
        replay.advance(after);
        return replay.crash(policy, new Random(1));
    }

    private SortedMap<String, byte[]> realFiles() throws IOException {
        SortedMap<String, byte[]> real = new TreeMap<>();
        try (Stream<Path> files = Files.walk(base)) {
            files.filter(file -> !file.equals(base)).forEach(file -> {
                String name = base.relativize(file).toString();
                try {
                    if (Files.isDirectory(file)) {
                        real.put(name + "/", new byte[0]);
                    } else {
                        real.put(name, Files.readAllBytes(file));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return real;
    }
}
