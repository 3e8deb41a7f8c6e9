package dev.nightjar.service.upkeep;

import dev.nightjar.storage.catalog.ScrubTable.Proofs;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When what is stored was proven, as the API shows it.
 *
 * @param packs files of chunks
 * @param bytes their length
 * @param neverChecked packs that were not read since they were written
 * @param oldestProofAt when the pack was proven that was not for the longest time; that it was written counts as a proof. Null without packs
 * @param withinSeconds how often every pack is to be proven
 */
@Schema(name = "Scrub")
record ScrubView(
        long packs, long bytes, long neverChecked, @Nullable Instant oldestProofAt, long withinSeconds) {

    static ScrubView of(Proofs proofs, Duration within) {
        return new ScrubView(
                proofs.packs(), proofs.bytes(), proofs.neverChecked(), proofs.oldestProof(), within.toSeconds());
    }
}
