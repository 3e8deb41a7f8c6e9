package dev.nightjar.service.config;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The files of the embedded database. They are created beside their place and moved there when they are whole, so that a crash in the middle
 * leaves nothing that looks like a database.
 *
 * @param data the data directory
 * @param path where the files are
 * @param password whoever connects has to know it
 */
record DatabaseFiles(Path data, Path path, DatabasePassword password) {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseFiles.class);
    private static final Duration CREATION_LIMIT = Duration.ofSeconds(60);
    /** After a crash it reads up to some gigabytes of its log again, and were it stopped then, it would begin at the first one the next time. */
    private static final Duration ANY_RECOVERY = Duration.ofDays(1);

    private static final String UNFINISHED = "postgres-creating-";

    /** The files in this data directory, created if they are not there. */
    static DatabaseFiles in(Path data) throws IOException {
        DatabaseFiles files = new DatabaseFiles(data, data.resolve("postgres"), DatabasePassword.in(data));
        if (!Files.exists(files.path)) {
            files.create();
        }
        return files;
    }

    /**
     * Starts a server on the files; returns once it answers, however long that takes as long as it runs.
     *
     * @param limit for how long it need not be running, or may run and let nobody in
     * @throws IOException if it does not run, and will not, or does not let us in
     */
    EmbeddedPostgres serve(Duration limit) throws IOException {
        StartWatch watch = StartWatch.begin(path, limit);
        String hopeless;
        EmbeddedPostgres server;
        try {
            server = serve(path, ANY_RECOVERY);
        } finally {
            hopeless = watch.end();
        }
        if (hopeless != null) {
            server.close();
            throw new IOException(hopeless);
        }
        return server;
    }

    private void create() throws IOException {
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(data, UNFINISHED + "*")) {
            for (Path leftover : unfinished) {
                LOG.warn("deleting {}, which a crash left unfinished", leftover);
                LeftoverServer.stop(leftover);
                FileSystemUtils.deleteRecursively(leftover);
            }
        }
        Path created = Files.createTempDirectory(data, UNFINISHED);
        serve(created, CREATION_LIMIT).close();
        Files.move(created, path, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(data)) {
            directory.force(true);
        }
    }

    private EmbeddedPostgres serve(Path files, Duration patience) throws IOException {
        return EmbeddedDatabaseSettings.apply(EmbeddedPostgres.builder())
                .setDataDirectory(files)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(data.resolve("postgres-binaries").toFile())
                .setRegisterShutdownHook(false)
                .setPGStartupWait(patience)
                // Further options of initdb: the password is asked for from the first moment on.
                .setLocaleConfig("auth-host", "scram-sha-256")
                .setLocaleConfig("auth-local", "scram-sha-256")
                .setLocaleConfig("pwfile", password.file().toString())
                .setConnectConfig("password", password.text())
                .start();
    }
}
