package dev.nightjar.storage.heal;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.Catalog;
import dev.nightjar.storage.catalog.ChunkKey;
import dev.nightjar.storage.catalog.DamageTable.DamagedPackRow;
import dev.nightjar.storage.catalog.PackRow;
import dev.nightjar.storage.pack.Pace;
import dev.nightjar.storage.pack.PackFlaw;
import dev.nightjar.storage.pack.PackSurvey;
import dev.nightjar.storage.pack.PackSurveyor;
import dev.nightjar.storage.pack.PackTrash;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends damaged packs with what the repository itself still has, beside running backups: the whole pack from the trash; else what is sound of the pack itself, and copies of its broken
 * frames from packs that are condemned or in the trash. Needs no key, but for packs whose directory is doubtful. Thread-safe; several at a time do no harm, only work twice.
 *
 * <ol>
 *   <li>A pack that is in the trash as it was written: the damaged file goes to the trash, the sound one comes back. A crash in between leaves no pack of that name, and the next mending finishes it.
 *   <li>Else a new pack of what could be had. A crash after it leaves an orphan pack.
 *   <li>One transaction: the new pack's row, its chunks' rows moved to it, and the damaged pack CONDEMNED if no row names it any more.
 * </ol>
 *
 * A damaged pack that the store itself keeps for a locked point stays under its name: what was in it moves to a new pack, and reclaiming deletes it once the store lets it go.
 */
public final class Mending {

    private static final Logger LOG = LoggerFactory.getLogger(Mending.class);

    private final Catalog catalog;
    private final BlobStore blobs;
    private final RewrittenPacks rewritten;
    private final @Nullable FrameVerifier verifier;

    /**
     * Mends one repository.
     *
     * @param verifier null without the key
     */
    public Mending(Catalog catalog, BlobStore blobs, RewrittenPacks rewritten, @Nullable FrameVerifier verifier) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.rewritten = rewritten;
        this.verifier = verifier;
    }

    /**
     * Mends what can be mended; returns how many chunks can be read again.
     *
     * @throws StorageException what keeps the store or the catalog from being used; what was mended until then stays so
     */
    public long run(Pace pace) {
        List<DamagedPackRow> damaged = catalog.database().read(catalog.damage()::packs);
        if (damaged.isEmpty()) {
            return 0;
        }
        long before = catalog.database().read(catalog.damage()::countChunks);
        new Round(pace, damaged).run();
        long after = catalog.database().read(catalog.damage()::countChunks);
        return Math.max(0, before - after);
    }

    /** One mending of all damaged packs. */
    private final class Round {

        private final Pace pace;
        private final List<DamagedPackRow> damaged;
        private final PackSurveyor surveyor;
        private final PackTrash trash = new PackTrash(blobs);
        private final FrameCopies copies;
        private final List<String> misnamed = new ArrayList<>();

        Round(Pace pace, List<DamagedPackRow> damaged) {
            this.pace = pace;
            this.damaged = damaged;
            surveyor = new PackSurveyor(blobs, rewritten.repositoryId(), pace);
            copies = new FrameCopies(surveyor, verifier);
        }

        void run() {
            // Packs under wrong names first: what one of them is may be what another one lacks.
            damaged.stream().filter(Round::mayBeAnotherPack).forEach(this::clearName);
            Set<ChunkKey> wanted = new HashSet<>();
            catalog.database().transact(connection -> catalog.damage().visit(connection, wanted::add));
            if (!wanted.isEmpty()) {
                copies.index(elsewhere(), wanted);
            }
            for (DamagedPackRow row : damaged) {
                mend(row);
            }
        }

        private List<String> elsewhere() {
            Set<String> names = new LinkedHashSet<>(trash.names());
            names.addAll(misnamed);
            catalog.database()
                    .read(catalog.packs()::condemned)
                    .forEach(pack -> names.add(pack.id().blobName()));
            return List.copyOf(names);
        }

        /** A pack of another length does not end where this one's directory is looked for, and is told by its hash alone. */
        private static boolean mayBeAnotherPack(DamagedPackRow row) {
            return row.flaws().contains(PackFlaw.OTHER_PACK) || row.flaws().contains(PackFlaw.LENGTH);
        }

        private void clearName(DamagedPackRow row) {
            PackRow pack = row.pack();
            Optional<PackSurvey> other = survey(pack).filter(this::isAnotherPack);
            if (other.isPresent() && !trash.discard(pack.id(), other.get().actual())) {
                misnamed.add(pack.id().blobName());
            }
        }

        private boolean isAnotherPack(PackSurvey survey) {
            return survey.flaws().contains(PackFlaw.OTHER_PACK)
                    || damaged.stream().anyMatch(row -> row.pack().id().equals(survey.actual()));
        }

        private void mend(DamagedPackRow row) {
            PackRow pack = row.pack();
            Optional<PackSurvey> damage = survey(pack);
            if (damage.isPresent() && broughtBack(pack)) {
                damage = survey(pack);
                // It may be more by now than what was known.
                damage.ifPresent(more -> catalog.database()
                        .transact(connection -> catalog.damage().set(connection, pack.number(), more)));
            }
            if (damage.isPresent()) {
                new PackMending(catalog, copies, rewritten).mend(pack, damage.get());
                return;
            }
            catalog.database().transact(connection -> {
                catalog.scrubs().checked(connection, pack.number());
                catalog.damage().clear(connection, pack.number());
                catalog.locks().forgetKept(connection);
            });
            LOG.info("pack {} is as it was written", pack.id());
        }

        private Optional<PackSurvey> survey(PackRow pack) {
            return surveyor.survey(pack.id(), pack.kind(), pack.storedBytes());
        }

        /** Whether it has to be looked at again, for there was one in the trash: with luck that is in its place now. */
        private boolean broughtBack(PackRow pack) {
            Optional<String> copy = trash.find(pack.id(), pace);
            if (copy.isEmpty()) {
                return false;
            }
            // To find it took a while, in which another node may have brought one back.
            Optional<PackSurvey> damage = survey(pack);
            if (damage.isEmpty()) {
                return true;
            }
            try {
                if (!trash.discard(pack.id(), damage.get().actual())) {
                    return false;
                }
                blobs.move(copy.get(), pack.id().blobName());
            } catch (StorageException e) {
                if (!e.code().isOfOneBlob()) {
                    throw e;
                }
                LOG.warn("{} does not take the place of pack {}: {}", copy.get(), pack.id(), e.getMessage());
            }
            return true;
        }
    }
}
