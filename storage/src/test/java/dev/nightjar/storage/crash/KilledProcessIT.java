package dev.nightjar.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.DirectoryBlobStore;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.repository.Workbench;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process at work on a real directory with a real PostgreSQL is killed, again and again, at whatever it does. What it was told is done is done; what it was not
 * told is not there, or is whole.
 *
 * <p>{@code -Dcrash.kills=200} kills it so often; {@code -Dcampaign.seed}.
 */
@Timeout(7200)
class KilledProcessIT {

    private static final int KILLS = Integer.getInteger("crash.kills", 20);

    /** About what it does to the store in three to five backups and the reclaiming beside them. */
    private static final int MOST_CALLS = 1500;

    private static final int THOROUGH = 5;

    /** So many processes get ready while another one is at work: that takes most of their time. */
    private static final int AHEAD = 2;

    @TempDir
    Path directory;

    private final Deque<Process> ready = new ArrayDeque<>();

    @AfterEach
    void endThoseThatNeverBegan() throws InterruptedException {
        for (Process process : ready) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatItAcknowledgedSurvivesSigkill() throws Exception {
        Random random = new Random(CrashIT.SEED);
        String url = CatalogServer.freshUrl();
        DataSource database = CatalogServer.pool(url);
        DataSource spare = CatalogServer.freshDatabase();
        CatalogDatabase.open(spare);
        Path repository = directory.resolve("repository");
        Path file = directory.resolve("acknowledgements");
        Workbench.create(DirectoryBlobStore.create(repository), database).close();
        Inspection inspection = new Inspection(database);
        int acknowledged = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            String what = "seed " + CrashIT.SEED + ", kill " + kill;
            int calls = liveAndDie(next(repository, url, file, random), random);
            assertThat(calls).as(what).isPositive();
            Acknowledgements acknowledgements = new Acknowledgements(file);
            BlobStore blobs = DirectoryBlobStore.open(repository);
            inspection.whereItIs(blobs, acknowledgements);
            acknowledged += acknowledgements.expectation().points().size();
            if (kill % THOROUGH == 0 || kill == KILLS) {
                inspection.thoroughly(blobs, acknowledgements.expectation(), new Inspection(spare));
            }
        }
        assertThat(acknowledged).isPositive();
        System.out.println("campaign kill: seed " + CrashIT.SEED + ": " + KILLS + " kills, " + acknowledged
                + " times a point was compared, " + inspection.unannounced()
                + " points were whole that nobody had been told of");
    }

    /** Returns how many calls it made. */
    private int liveAndDie(Process process, Random random) throws Exception {
        try (InputStream calls = process.getInputStream();
                OutputStream go = process.getOutputStream()) {
            go.write('!');
            go.flush();
            int enough = 1 + random.nextInt(MOST_CALLS);
            int seen = 0;
            boolean begun = false;
            while (seen < enough) {
                int call = calls.read();
                assertThat(call).as("it ended by itself; see errors").isNotNegative();
                begun |= call == '!';
                seen += begun ? 1 : 0;
            }
            return seen;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Takes a process that stands ready, and has others get ready meanwhile. */
    private Process next(Path repository, String url, Path file, Random random) throws IOException {
        while (ready.size() <= AHEAD) {
            ready.add(start(repository, url, file, random));
        }
        return ready.removeFirst();
    }

    private Process start(Path repository, String url, Path file, Random random) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RestlessProcess.class.getName(),
                        repository.toString(),
                        url,
                        file.toString(),
                        String.valueOf(random.nextLong()))
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }
}
