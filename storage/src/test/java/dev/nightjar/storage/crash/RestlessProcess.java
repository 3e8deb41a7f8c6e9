package dev.nightjar.storage.crash;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.ingest.IngestSession;
import dev.nightjar.storage.ingest.RunLease;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.repository.DiskModel;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.Workbench;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The process that is to be killed: backs up, deletes, and reclaims beside both, until it is. Writes a byte to its output before and after everything that it does to the
 * store, so that it can be killed at any of these. Begins once it is given a byte.
 */
final class RestlessProcess {

    private static final int MOST_POINTS = 6;
    private static final List<String> DISKS = List.of("vda", "vdb", "vdc");

    private RestlessProcess() {}

    public static void main(String[] arguments) throws IOException {
        DataSource database = CatalogServer.pool(arguments[1]);
        // What takes a new process long, and changes nothing.
        CatalogDatabase.open(database);
        if (System.in.read() < 0) {
            return;
        }
        Acknowledgements acknowledgements = new Acknowledgements(Path.of(arguments[2]));
        Random random = new Random(Long.parseLong(arguments[3]));
        BlobStore store = told(BlobStore.class, DirectoryBlobStore.open(Path.of(arguments[0])));
        Repository repository = Repository.open(store, new Unlock.Nothing(), database);
        System.out.print('!');
        System.out.flush();
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                repository.reclaim(Stage.AT_ONCE);
            }
        });
        while (true) {
            List<UUID> points =
                    List.copyOf(acknowledgements.expectation().points().keySet());
            if (points.size() >= MOST_POINTS || (points.size() > 2 && random.nextInt(3) == 0)) {
                UUID point = points.get(random.nextInt(points.size()));
                acknowledgements.write("delete " + point);
                repository.deletePoint(point);
                acknowledgements.write("deleted " + point);
            } else {
                backUp(repository, acknowledgements, DISKS.get(random.nextInt(DISKS.size())), random);
            }
        }
    }

    private static void backUp(Repository repository, Acknowledgements acknowledgements, String name, Random random) {
        UUID parent = random.nextInt(4) == 0 ? null : acknowledgements.latest(name);
        RunLease lease = Workbench.lease();
        acknowledgements.write("begin " + lease.runId() + " " + name + " " + random.nextLong());
        DiskModel disk = acknowledgements.disk(name);
        try (IngestSession session = repository.beginIngest(lease)) {
            Workbench.feed(session.disk(Workbench.describe(disk, name), parent), disk, parent != null);
            UUID point = session.commit(Workbench.facts()).points().getFirst().id();
            acknowledgements.write("done " + lease.runId() + " " + point);
        }
    }

    /** The same, telling of every call. */
    private static <T> T told(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    tell();
                    try {
                        return toldResult(method.invoke(real, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        tell();
                    }
                }));
    }

    private static @Nullable Object toldResult(@Nullable Object result) {
        return result instanceof PendingBlob blob ? told(PendingBlob.class, blob) : result;
    }

    private static void tell() {
        System.out.print('.');
        System.out.flush();
    }
}
