package dev.nightjar.storage.crash;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.LossPolicy;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;

/** What a repository lies on: records what is done to it, and tells what a crash leaves. */
interface Medium {

    /** Makes the store. */
    BlobStore create();

    /** Opens the store. */
    BlobStore open();

    /** Refuses everything once so many operations were done; what was done before stays as it is, durable or not. */
    void dieAfter(int operations);

    /** Whether everything is refused. */
    boolean isDead();

    /** How many operations were done. */
    int operations();

    /** The policies that make a difference to it. */
    Set<LossPolicy> policies();

    /** Goes through what was done until now. */
    Replay replay();

    /** What a crash leaves at one place after the other. */
    interface Replay {
        /** Goes on until so many operations are done. */
        void advance(int operations);

        /** What a crash now leaves. */
        Wreck crash(LossPolicy policy, Random random);
    }

    /** What a crash left; the same again as often as it is opened. */
    interface Wreck {
        /** Equal for wrecks that nobody can tell apart. */
        String fingerprint();

        /** Opens it; what is done to it then lies in the empty directory {@code scratch}, or nowhere. */
        BlobStore open(Path scratch);
    }
}
