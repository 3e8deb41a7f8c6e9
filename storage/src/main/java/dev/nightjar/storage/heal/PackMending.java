package dev.nightjar.storage.heal;

import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.PackRow;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.PackSurvey;
import dev.nightjar.storage.seal.SealedFrame;
import java.util.HashSet;
import java.util.Set;

/** Saves one pack's chunks into new packs: copies of its broken frames, and its own sound ones if they cannot be read where they are, or if they are all that is left. */
final class PackMending {

    private final Catalog catalog;
    private final FrameCopies copies;
    private final RewrittenPacks rewritten;

    PackMending(Catalog catalog, FrameCopies copies, RewrittenPacks rewritten) {
        this.catalog = catalog;
        this.copies = copies;
        this.rewritten = rewritten;
    }

    void mend(PackRow pack, PackSurvey damage) {
        Set<ChunkKey> wanted = new HashSet<>();
        catalog.database().transact(connection -> catalog.damage().visit(connection, pack.number(), wanted::add));
        try (RewrittenPacks.Writing writing = rewritten.begin(pack)) {
            if (damage.spoilsEverything()) {
                saveOwn(pack, damage, writing, wanted);
            }
            for (ChunkKey key : Set.copyOf(wanted)) {
                if (wanted.contains(key)) {
                    copies.find(key, pack.kind()).ifPresent(frame -> save(frame, writing, wanted));
                }
            }
            if (wanted.isEmpty() && !damage.spoilsEverything()) {
                // Nothing is lost of it any more, so the rest moves out too, and the damaged file can go.
                saveOwn(pack, damage, writing, wanted);
            }
            writing.finish();
        }
    }

    private void saveOwn(PackRow pack, PackSurvey damage, RewrittenPacks.Writing writing, Set<ChunkKey> wanted) {
        for (PackEntry entry : damage.sound()) {
            copies.read(pack.id().blobName(), entry, damage.certain(), pack.kind())
                    .ifPresent(frame -> save(frame, writing, wanted));
        }
    }

    private static void save(SealedFrame frame, RewrittenPacks.Writing writing, Set<ChunkKey> wanted) {
        writing.append(frame);
        frame.chunks().forEach(chunk -> wanted.remove(ChunkKey.of(chunk.id())));
    }
}
