package dev.nightjar.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.copy.CopyListener;
import dev.nightjar.storage.copy.CopyReport;
import dev.nightjar.storage.copy.PointCopy;
import dev.nightjar.storage.ingest.CommittedSet;
import dev.nightjar.storage.ingest.DiskIngest;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.rebuild.ProgressListener;
import dev.nightjar.storage.reclaim.ReclaimLimits;
import dev.nightjar.storage.repository.DiskModel;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.RepositoryOptions;
import dev.nightjar.storage.repository.Workbench;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A repository at work, on a medium and with a database that are watched; whatever is done here is on the timeline. Used by one thread. */
final class Stage implements AutoCloseable {

    static final ReclaimLimits AT_ONCE = new ReclaimLimits(Duration.ZERO, 0.7, 1L << 30);

    private static final int DISK_BYTES = 150_000;
    private static final int PACK_BYTES = 65_536;

    final Timeline timeline;
    final Medium medium;
    final Map<String, DiskModel> disks = new LinkedHashMap<>();

    private final Connection observer;
    private final DataSource database;
    private final Map<String, UUID> latest = new HashMap<>();
    private @Nullable Repository repository;
    private @Nullable Source source;

    /** Where points are copied from; made when it is asked for first. */
    Source source() {
        if (source == null) {
            source = new Source();
        }
        return source;
    }

    /** A stage whose medium tells a listener of what it does. */
    Stage(DataSource real, Function<Consumer<String>, Medium> kind, Unlock unlock) {
        try {
            CatalogDatabase.open(real);
            observer = real.getConnection();
            timeline = new Timeline(CatalogDump.of(observer), Expectation.nothing(unlock));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        medium = kind.apply(timeline::stored);
        database = WatchedDatabase.watched(
                real,
                transaction -> timeline.commit(() -> {
                    transaction.commit();
                    return CatalogDump.of(observer);
                }),
                medium::isDead);
        disks.put("vda", new DiskModel(DISK_BYTES, Workbench.CHUNK));
        disks.put("vdb", new DiskModel(DISK_BYTES / 3, Workbench.CHUNK));
    }

    void create(@Nullable NewKeys keys) {
        BlobStore blobs = medium.create();
        RepositoryOptions options = new RepositoryOptions(new ChunkSize(Workbench.CHUNK), PACK_BYTES, keys);
        repository = Repository.create(blobs, options, database);
        timeline.expect("created", Expectation::whenCreated);
    }

    /** Opens it again, as the next process does. */
    void reopen() {
        endProcess();
        repository =
                Repository.open(medium.open(), timeline.expectation().unlocks().getFirst(), database);
    }

    Repository repository() {
        if (repository == null) {
            throw new IllegalStateException("it was not created");
        }
        return repository;
    }

    /** The point of a disk that was acknowledged last. */
    UUID latest(String disk) {
        UUID point = latest.get(disk);
        if (point == null) {
            throw new IllegalStateException(disk + " has no point");
        }
        return point;
    }

    void full(String... names) {
        run(false, () -> {}, names);
    }

    void increment(String... names) {
        run(true, () -> {}, names);
    }

    /** An increment during which something else happens after it has begun. */
    void incrementDuring(Runnable other, String... names) {
        run(true, other, names);
    }

    private void run(boolean incremental, Runnable meanwhile, String... names) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (String name : names) {
            contents.put(name, disks.get(name).bytes.clone());
        }
        RunLease lease = Workbench.lease();
        timeline.expect("begun", expectation -> expectation.withRun(lease.runId(), contents));
        try (IngestSession session = repository().beginIngest(lease)) {
            Map<String, DiskIngest> ingests = new LinkedHashMap<>();
            contents.keySet()
                    .forEach(name -> ingests.put(
                            name,
                            session.disk(
                                    Workbench.describe(disks.get(name), name), incremental ? latest(name) : null)));
            meanwhile.run();
            ingests.forEach((name, ingest) -> Workbench.feed(ingest, disks.get(name), incremental));
            acknowledge(lease.runId(), session.commit(Workbench.facts()), contents);
        }
    }

    private void acknowledge(UUID run, CommittedSet set, Map<String, byte[]> contents) {
        Map<UUID, byte[]> points = new HashMap<>();
        for (PointRecord point : set.points()) {
            points.put(point.id(), contents.get(point.diskName()));
            latest.put(point.diskName(), point.id());
            disks.get(point.diskName()).dirty.clear();
        }
        timeline.expect("backed up", expectation -> expectation.acknowledged(run, points));
    }

    /** Copies every point of another repository, one after the other. */
    void copy(Source source) {
        PointCopy copy = new PointCopy(source.repository(), repository());
        for (PointRecord point : copy.missing()) {
            UUID run = UUID.randomUUID();
            Map<String, byte[]> disks = Map.of(point.diskName(), source.content(point.id()));
            timeline.expect(
                    "copying",
                    expectation -> expectation.with(
                            point.runId(),
                            new Expectation.Coming(
                                    disks, target -> new PointCopy(source.repository(), target).end(run))));
            CopyReport report = copy.copy(run, List.of(point.id()), CopyListener.NONE);
            assertThat(report.failed()).isEmpty();
            timeline.expect(
                    "copied",
                    expectation ->
                            expectation.acknowledged(point.runId(), Map.of(point.id(), source.content(point.id()))));
        }
    }

    void delete(UUID point) {
        timeline.expect("deleting", expectation -> expectation.deleting(point));
        repository().deletePoint(point);
        timeline.expect("deleted", expectation -> expectation.deleted(point));
    }

    void reclaim() {
        repository().reclaim(AT_ONCE);
    }

    void rebuild() {
        repository().rebuild(ProgressListener.NONE);
    }

    void changePassphrase(String from, String to) {
        Unlock old = new Unlock.Passphrase(from);
        Unlock fresh = new Unlock.Passphrase(to);
        timeline.expect("changing", expectation -> expectation.openedBy(List.of(old, fresh)));
        RepositoryIdentity.changePassphrase(medium.open(), old, to, new SecureRandom());
        timeline.expect("changed", expectation -> expectation.openedBy(List.of(fresh)));
    }

    boolean isOpenedBy(String passphrase) {
        try {
            RepositoryIdentity.open(medium.open(), new Unlock.Passphrase(passphrase));
            return true;
        } catch (StorageException e) {
            if (e.code() != StorageErrorCode.PASSPHRASE_WRONG) {
                throw e;
            }
            return false;
        }
    }

    /** What the service does at its start with runs of a process that is dead. */
    void endDeadRuns() {
        timeline.expectation().coming().forEach((run, coming) -> {
            coming.end().accept(repository());
            timeline.expect("ended", expectation -> expectation.acknowledged(run, Map.of()));
        });
    }

    private void endProcess() {
        if (repository != null) {
            repository.close();
            repository = null;
        }
    }

    @Override
    public void close() {
        endProcess();
        if (source != null) {
            source.close();
        }
        try {
            observer.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
