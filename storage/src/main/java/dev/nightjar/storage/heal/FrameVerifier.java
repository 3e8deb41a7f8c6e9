package dev.nightjar.storage.heal;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkHasher;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.seal.ChunkRef;
import dev.nightjar.storage.seal.FrameOpener;
import dev.nightjar.storage.seal.SealedFrame;
import java.nio.ByteBuffer;

/** Makes sure, with the key, that a frame holds the chunks that it is said to hold. Thread-safe. */
public final class FrameVerifier {

    private final FrameOpener opener;
    private final ChunkHasher hasher;

    /** Verifies frames of one repository. */
    public FrameVerifier(FrameOpener opener, ChunkHasher hasher) {
        this.opener = opener;
        this.hasher = hasher;
    }

    /** Whether every chunk in the frame has its id. */
    boolean holds(SealedFrame frame, ChunkKind kind) {
        try {
            ByteBuffer plain = opener.open(frame, "a frame that is to be saved");
            for (ChunkRef chunk : frame.chunks()) {
                if (!hasher.id(kind, plain.slice(chunk.offset(), chunk.length()))
                        .equals(chunk.id())) {
                    return false;
                }
            }
            return true;
        } catch (StorageException e) {
            return switch (e.code()) {
                // A codec byte that is damaged may say that it is encrypted where nothing is.
                case DATA_DAMAGED, REPOSITORY_LOCKED -> false;
                default -> throw e;
            };
        }
    }
}
