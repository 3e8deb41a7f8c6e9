package dev.nightjar.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.rebuild.RebuildReport;
import dev.nightjar.storage.repository.CatalogState;
import dev.nightjar.storage.repository.DiskModel;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.Workbench;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** Looks at what a crash left, with a database that nobody else uses meanwhile. Used by one thread. */
final class Inspection {

    private static final int MOST_RECLAIMS = 4;

    /** How much of an id the catalog knows a chunk by, in hexadecimal digits. */
    private static final int KEY_DIGITS = 32;

    private final DataSource database;

    /** How many points were there that nobody had been told of. */
    private int unannounced;

    Inspection(DataSource database) {
        this.database = database;
    }

    int unannounced() {
        return unannounced;
    }

    /** Everything that counts, from the repository alone: the database is lost. */
    void fromTheRepositoryAlone(Medium.Wreck wreck, CatalogDump anyCatalog, Expectation expectation, Path scratch) {
        load(anyCatalog.emptied());
        BlobStore blobs = wreck.open(scratch);
        Optional<Unlock> unlock = unlock(blobs, expectation);
        if (unlock.isEmpty()) {
            return;
        }
        try (Repository repository = Repository.open(blobs, unlock.get(), database)) {
            assertThat(leftOut(repository.rebuild(ProgressListener.NONE))).isEmpty();
            Map<UUID, byte[]> points = points(repository, expectation, false);
            reclaim(repository, blobs, points);
            assertThatRebuildChangesNothing(repository, blobs, points);
        }
    }

    /** The same with the database as it was: it fits, the next backup builds on what is there, and nothing is left behind by whoever died. */
    void withTheDatabase(Medium.Wreck wreck, CatalogDump catalog, Expectation expectation, Path scratch) {
        load(catalog);
        BlobStore blobs = wreck.open(scratch);
        Optional<Unlock> unlock = unlock(blobs, expectation);
        if (unlock.isEmpty()) {
            return;
        }
        try (Repository repository = Repository.open(blobs, unlock.get(), database)) {
            assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
            // As the service does when it finds the runs of a process that is dead.
            expectation.coming().values().forEach(coming -> coming.end().accept(repository));
            Map<UUID, byte[]> points = points(repository, expectation, true);
            backUpAgain(repository, expectation, points);
            reclaim(repository, blobs, points);
            assertThat(records(blobs)).isEqualTo(points.keySet());
            assertThatRebuildChangesNothing(repository, blobs, points);
        }
    }

    /** With the database as it is, after the death of a process. What is complete and was not acknowledged is adopted, and the runs that died are ended. */
    void whereItIs(BlobStore blobs, Acknowledgements acknowledgements) {
        Expectation expectation = acknowledgements.expectation();
        try (Repository repository = Repository.open(blobs, new Unlock.Nothing(), database)) {
            assertThat(repository.catalogState()).isEqualTo(CatalogState.MATCHES);
            expectation.coming().values().forEach(coming -> coming.end().accept(repository));
            Map<UUID, byte[]> points = points(repository, expectation, true);
            assertThat(records(blobs)).isEqualTo(points.keySet());
            for (PointRecord point : repository.points()) {
                if (expectation.coming().containsKey(point.runId())) {
                    acknowledgements.write("done " + point.runId() + " " + point.id());
                }
            }
            List.copyOf(acknowledgements.expectation().coming().keySet())
                    .forEach(run -> acknowledgements.write("dead " + run));
            for (UUID point :
                    List.copyOf(acknowledgements.expectation().leaving().keySet())) {
                if (points.containsKey(point)) {
                    repository.deletePoint(point);
                }
                acknowledgements.write("deleted " + point);
            }
        }
    }

    /** Reclaims, and rebuilds elsewhere: the same points, the same chunks. */
    void thoroughly(BlobStore blobs, Expectation expectation, Inspection elsewhere) {
        try (Repository repository = Repository.open(blobs, new Unlock.Nothing(), database)) {
            reclaim(repository, blobs, points(repository, expectation, true));
        }
        elsewhere.load(dump().emptied());
        try (Repository rebuilt = Repository.open(blobs, new Unlock.Nothing(), elsewhere.database)) {
            assertThat(leftOut(rebuilt.rebuild(ProgressListener.NONE))).isEmpty();
            points(rebuilt, expectation, true);
            assertThatNoChunkThatCountsIsNew(rebuilt, blobs, chunks(), elsewhere.chunks());
        }
    }

    private CatalogDump dump() {
        try (Connection connection = database.getConnection()) {
            return CatalogDump.of(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What opens the repository; nothing if there is none and need not be one. */
    private static Optional<Unlock> unlock(BlobStore blobs, Expectation expectation) {
        boolean exists = blobs.exists("config");
        assertThat(exists || !expectation.created())
                .as("the repository is there")
                .isTrue();
        return exists
                ? expectation.unlocks().stream()
                        .filter(unlock -> opens(blobs, unlock))
                        .findFirst()
                        .or(() -> {
                            throw new AssertionError("no passphrase opens it");
                        })
                : Optional.empty();
    }

    private static boolean opens(BlobStore blobs, Unlock unlock) {
        try {
            dev.nightjar.storage.key.RepositoryIdentity.open(blobs, unlock);
            return true;
        } catch (StorageException e) {
            assertThat(e.code()).isEqualTo(StorageErrorCode.PASSPHRASE_WRONG);
            return false;
        }
    }

    private static List<String> leftOut(RebuildReport report) {
        return Stream.concat(report.leftOutPacks().stream(), report.leftOutPoints().stream())
                .map(left -> left.name() + ": " + left.reason())
                .toList();
    }

    /** The points that are there, each with the content that it has to have and has. */
    private Map<UUID, byte[]> points(Repository repository, Expectation expectation, boolean setsAreWhole) {
        Map<UUID, byte[]> found = new HashMap<>();
        Map<UUID, Set<String>> unknown = new HashMap<>();
        for (PointRecord point : repository.points()) {
            byte[] content = expectation.points().get(point.id());
            if (content == null) {
                content = expectation.leaving().get(point.id());
            }
            if (content == null) {
                Expectation.Coming run = expectation.coming().get(point.runId());
                assertThat(run)
                        .as("the run of point " + point.id() + ", which should not be")
                        .isNotNull();
                content = run.disks().get(point.diskName());
                unknown.computeIfAbsent(point.runId(), _ -> new HashSet<>()).add(point.diskName());
                unannounced++;
            }
            found.put(point.id(), content);
        }
        assertThat(found.keySet())
                .as("acknowledged points")
                .containsAll(expectation.points().keySet());
        if (setsAreWhole) {
            unknown.forEach((run, disks) -> assertThat(disks)
                    .isEqualTo(expectation.coming().get(run).disks().keySet()));
        }
        assertThatAllAreIdentical(repository, found);
        return found;
    }

    private static void assertThatAllAreIdentical(Repository repository, Map<UUID, byte[]> points) {
        points.forEach((id, content) -> {
            if (!Arrays.equals(Workbench.restore(repository, id), content)) {
                throw new AssertionError("point " + id + " is not what it was");
            }
        });
    }

    /** The run that died, and one more of what is there already: what they find known has to be there. */
    private static void backUpAgain(Repository repository, Expectation expectation, Map<UUID, byte[]> points) {
        List<byte[]> contents = new ArrayList<>();
        expectation.coming().values().forEach(run -> contents.addAll(run.disks().values()));
        expectation.points().values().stream().findFirst().ifPresent(contents::add);
        expectation.leaving().values().stream().findFirst().ifPresent(contents::add);
        for (byte[] content : contents) {
            DiskModel disk = new DiskModel(content.length, Workbench.CHUNK);
            disk.write(0, content);
            try (IngestSession session = repository.beginIngest(Workbench.lease())) {
                Workbench.feed(session.disk(Workbench.describe(disk, "vda"), null), disk, false);
                points.put(session.commit(Workbench.facts()).points().getFirst().id(), content);
            }
        }
        assertThatAllAreIdentical(repository, points);
    }

    /** Reclaims until nothing is left to do: then everything is there that a point needs, and no pack of which no point needs anything. */
    private static void reclaim(Repository repository, BlobStore blobs, Map<UUID, byte[]> points) {
        Set<String> before;
        Set<String> after = packs(blobs);
        int times = 0;
        do {
            assertThat(++times).as("reclaims").isLessThanOrEqualTo(MOST_RECLAIMS);
            before = after;
            repository.reclaim(Stage.AT_ONCE);
            after = packs(blobs);
        } while (!after.equals(before) || times < 2);
        StoredChunks stored = StoredChunks.of(blobs, repository.config().repositoryId());
        assertThat(stored.unneeded(
                        repository.points().stream().map(PointRecord::root).collect(Collectors.toSet())))
                .as("packs that no point needs")
                .isEmpty();
        assertThat(repository.points())
                .extracting(PointRecord::id)
                .containsExactlyInAnyOrderElementsOf(points.keySet());
        assertThatAllAreIdentical(repository, points);
    }

    private void assertThatRebuildChangesNothing(Repository repository, BlobStore blobs, Map<UUID, byte[]> points) {
        Set<String> chunks = chunks();
        assertThat(leftOut(repository.rebuild(ProgressListener.NONE))).isEmpty();
        assertThat(repository.points())
                .extracting(PointRecord::id)
                .containsExactlyInAnyOrderElementsOf(points.keySet());
        assertThatNoChunkThatCountsIsNew(repository, blobs, chunks, chunks());
        assertThatAllAreIdentical(repository, points);
    }

    /**
     * A rebuild finds every chunk that the catalog knew. It may find more that no point needs: frames are rewritten whole, and what lay in one of them as a second copy had its
     * row with the first, which is gone.
     */
    private static void assertThatNoChunkThatCountsIsNew(
            Repository repository, BlobStore blobs, Set<String> before, Set<String> after) {
        assertThat(after).as("chunks after a rebuild").containsAll(before);
        Set<String> more = new HashSet<>(after);
        more.removeAll(before);
        StoredChunks stored = StoredChunks.of(blobs, repository.config().repositoryId());
        assertThat(stored.needed(
                        repository.points().stream().map(PointRecord::root).collect(Collectors.toSet())))
                .as("chunks that the catalog lacked")
                .noneMatch(id -> more.contains(id.toString().substring(0, KEY_DIGITS)));
    }

    private static Set<String> packs(BlobStore blobs) {
        try (Stream<BlobInfo> found = blobs.list("packs/")) {
            return found.map(BlobInfo::name).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<UUID> records(BlobStore blobs) {
        try (Stream<BlobInfo> found = blobs.list("points/")) {
            return found.map(blob -> UUID.fromString(blob.name().substring("points/".length())))
                    .collect(Collectors.toSet());
        }
    }

    private Set<String> chunks() {
        Set<String> keys = new HashSet<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT key FROM catalog.chunk")) {
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return keys;
    }

    private void load(CatalogDump dump) {
        try (Connection connection = database.getConnection()) {
            dump.load(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
