package dev.nightjar.storage.scrub;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.PackRow;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.pack.Pace;
import dev.nightjar.storage.pack.PackProof;
import dev.nightjar.storage.pack.PackSurvey;
import dev.nightjar.storage.pack.PackSurveyor;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one pack at a time, and tells the catalog what it found. Needs no key. Thread-safe as far as the pace is. */
public final class PackScrub {

    private static final Logger LOG = LoggerFactory.getLogger(PackScrub.class);

    private final Catalog catalog;
    private final BlobStore blobs;
    private final PackProof proof;
    private final PackSurveyor surveyor;

    /** What is known of a pack once it was read. */
    public enum Outcome {
        /** It is as it was written. */
        PROVEN,
        /** Something is wrong with it. */
        DAMAGED,
        /** It was deleted meanwhile, as packs are that nobody needs. */
        GONE
    }

    /** Scrubs packs of one repository. */
    public PackScrub(Catalog catalog, BlobStore blobs, UUID repositoryId, Pace pace) {
        this.catalog = catalog;
        this.blobs = blobs;
        proof = new PackProof(blobs, pace);
        surveyor = new PackSurveyor(blobs, repositoryId, pace);
    }

    /**
     * Reads a pack.
     *
     * @throws StorageException what keeps the store or the catalog from being used; nothing is concluded about the pack then
     */
    public Outcome scrub(PackRow pack) {
        Optional<PackSurvey> damage = isProven(pack) ? Optional.empty() : survey(pack);
        return catalog.database().inTransaction(connection -> {
            if (!catalog.packs().isReadable(connection, pack.number())) {
                return Outcome.GONE;
            }
            catalog.scrubs().checked(connection, pack.number());
            if (damage.isEmpty()) {
                catalog.damage().clear(connection, pack.number());
                return Outcome.PROVEN;
            }
            PackSurvey survey = damage.get();
            LOG.warn("pack {} is damaged: {}", pack.id(), survey.flaws());
            catalog.damage().set(connection, pack.number(), survey);
            return Outcome.DAMAGED;
        });
    }

    private boolean isProven(PackRow pack) {
        try {
            return proof.holds(pack.id());
        } catch (StorageException e) {
            if (e.code().isOfOneBlob()) {
                // To be looked at more closely: it may be the pack, or the store.
                return false;
            }
            throw e;
        }
    }

    /** The survey of a pack, once it is sure that the store is there at all. */
    private Optional<PackSurvey> survey(PackRow pack) {
        RepositoryIdentity.requireStored(blobs);
        return surveyor.survey(pack.id(), pack.kind(), pack.storedBytes());
    }
}
