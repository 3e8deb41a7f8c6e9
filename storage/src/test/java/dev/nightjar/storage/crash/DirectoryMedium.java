package dev.nightjar.storage.crash;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DiskReplay;
import dev.nightjar.storage.blob.LossPolicy;
import dev.nightjar.storage.blob.SimulatedDisk;
import dev.nightjar.storage.blob.UnsyncedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;

/** A directory on a simulated file system. */
final class DirectoryMedium implements Medium {

    private static final String REPOSITORY = "repository";

    private final SimulatedDisk disk;

    DirectoryMedium(Path base, Consumer<String> listener) {
        disk = new SimulatedDisk(base, listener);
    }

    @Override
    public BlobStore create() {
        return disk.create(REPOSITORY);
    }

    @Override
    public BlobStore open() {
        return disk.open(REPOSITORY);
    }

    @Override
    public void dieAfter(int operations) {
        disk.dieAfter(operations);
    }

    @Override
    public boolean isDead() {
        return disk.isDead();
    }

    @Override
    public int operations() {
        return disk.operations();
    }

    @Override
    public Set<LossPolicy> policies() {
        return EnumSet.allOf(LossPolicy.class);
    }

    @Override
    public Replay replay() {
        DiskReplay replay = disk.replay();
        IdentityHashMap<byte[], String> hashes = new IdentityHashMap<>();
        return new Replay() {
            @Override
            public void advance(int operations) {
                replay.advance(operations);
            }

            @Override
            public Wreck crash(LossPolicy policy, Random random) {
                SortedMap<String, byte[]> files = replay.crash(policy, random);
                return new FileWreck(files, fingerprint(files, hashes));
            }
        };
    }

    /** What lies in {@code tmp/} has random names and is only ever counted and removed. */
    private static String fingerprint(SortedMap<String, byte[]> files, IdentityHashMap<byte[], String> hashes) {
        StringBuilder text = new StringBuilder();
        int temporary = 0;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().startsWith(REPOSITORY + "/tmp/")) {
                temporary++;
            } else {
                text.append(file.getKey())
                        .append('=')
                        .append(hashes.computeIfAbsent(file.getValue(), Sha256::hex))
                        .append('\n');
            }
        }
        return Sha256.hex((text.toString() + temporary).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private record FileWreck(SortedMap<String, byte[]> files, String fingerprint) implements Wreck {

        @Override
        public BlobStore open(Path scratch) {
            try {
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    Path path = scratch.resolve(file.getKey());
                    if (file.getKey().endsWith("/")) {
                        Files.createDirectory(path);
                    } else {
                        Files.write(path, file.getValue());
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return files.containsKey(REPOSITORY + "/")
                    ? UnsyncedFiles.open(scratch.resolve(REPOSITORY))
                    : UnsyncedFiles.create(scratch.resolve(REPOSITORY));
        }
    }
}
