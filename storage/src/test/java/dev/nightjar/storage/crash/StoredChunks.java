package dev.nightjar.storage.crash;

import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.PackReader;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.seal.FrameOpener;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** What the packs of a store hold, and what of it some points need: read from the packs alone, without any catalog and by the document of the format. */
record StoredChunks(Map<String, Set<ChunkId>> byPack, Map<ChunkId, ByteBuffer> nodes) {

    private static final int FAN_OUT = 64;
    private static final int PRESENCE_AT = 2;
    private static final int PLACES_AT = 10;

    static StoredChunks of(BlobStore blobs, UUID repository) {
        PackReader reader = new PackReader(blobs, repository, new FrameOpener());
        StoredChunks found = new StoredChunks(new TreeMap<>(), new HashMap<>());
        try (Stream<BlobInfo> packs = blobs.list(PackId.PREFIX)) {
            packs.forEach(pack -> found.add(
                    reader, reader.directory(PackId.ofBlobName(pack.name()).orElseThrow())));
        }
        return found;
    }

    private void add(PackReader reader, StoredPack pack) {
        Set<ChunkId> ids = new HashSet<>();
        for (PackEntry frame : pack.entries()) {
            frame.chunks().forEach(chunk -> ids.add(chunk.id()));
            if (pack.kind() == ChunkKind.MAP_NODE) {
                ByteBuffer plain = reader.frame(pack.id(), frame);
                frame.chunks().forEach(node -> nodes.put(node.id(), plain.slice(node.offset(), node.length())));
            }
        }
        byPack.put(pack.id().blobName(), ids);
    }

    /** Packs that hold nothing that these maps need. */
    List<String> unneeded(Set<MapRoot> roots) {
        Set<ChunkId> needed = needed(roots);
        return byPack.entrySet().stream()
                .filter(pack -> pack.getValue().stream().noneMatch(needed::contains))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The chunks and nodes that these maps need. */
    Set<ChunkId> needed(Set<MapRoot> roots) {
        Set<ChunkId> needed = new HashSet<>();
        for (MapRoot root : roots) {
            if (root.node() != null) {
                mark(root.node(), root.levels() - 1, needed);
            }
        }
        return needed;
    }

    private void mark(ChunkId id, int level, Set<ChunkId> needed) {
        if (!needed.add(id) || level < 0) {
            return;
        }
        ByteBuffer node = nodes.get(id);
        if (node == null) {
            throw new AssertionError("map node " + id + " lies in no pack");
        }
        long presence = node.getLong(PRESENCE_AT);
        ByteBuffer places = node.slice(PLACES_AT, node.capacity() - PLACES_AT);
        for (int place = 0; place < FAN_OUT; place++) {
            if ((presence >>> place & 1) != 0) {
                mark(ChunkId.read(places), level - 1, needed);
            }
        }
    }
}
