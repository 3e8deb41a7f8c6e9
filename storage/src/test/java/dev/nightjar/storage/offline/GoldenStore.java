package dev.nightjar.storage.offline;

import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.pack.PackId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Copies of the golden repositories in memory, to be damaged. */
final class GoldenStore {

    static final String PASSPHRASE = "golden, and kept for ever";

    private static final Path V1 = Path.of("src/test/resources/golden/v1");

    private GoldenStore() {}

    static MemoryBlobStore load(String name) {
        Path root = V1.resolve(name);
        MemoryBlobStore store = new MemoryBlobStore();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                store.putIfAbsent(root.relativize(file).toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return store;
    }

    static List<String> packs(MemoryBlobStore store) {
        return store.list(PackId.PREFIX).map(blob -> blob.name()).sorted().toList();
    }

    /** The packs of one kind: 1 data, 2 map nodes. */
    static List<String> packs(MemoryBlobStore store, int kind) {
        return packs(store).stream().filter(name -> store.get(name)[8] == kind).toList();
    }
}
