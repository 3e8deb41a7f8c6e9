package dev.nightjar.service.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an operator can set, under {@code nightjar.} or as {@code NIGHTJAR_…} in the environment. Immutable.
 *
 * @param dataDirectory where the appliance keeps what is its own; unset: {@code /var/lib/nightjar} for root, else {@code ~/.nightjar}
 * @param repository where backups go
 * @param database the PostgreSQL to use; without a URL an embedded one
 * @param scratch where old blocks are kept while a backup reads
 * @param restore what restores may write
 * @param reclaim when space is given back
 * @param access who may reach the service
 * @param nbd how recovery points are served
 * @param secrets what protects secrets in the database
 */
@ConfigurationProperties("nightjar")
public record NightjarProperties(
        @Nullable Path dataDirectory,
        @DefaultValue RepositoryProperties repository,
        @DefaultValue DatabaseProperties database,
        @DefaultValue ScratchProperties scratch,
        @DefaultValue RestoreProperties restore,
        @DefaultValue ReclaimProperties reclaim,
        @DefaultValue AccessProperties access,
        @DefaultValue NbdProperties nbd,
        @DefaultValue SecretsProperties secrets) {

    /**
     * Where backups go.
     *
     * @param directory the primary repository's directory; opened, or made if there is none yet
     * @param s3 or the bucket: {@code s3://bucket/prefix?endpoint=https://host:port&region=name&path-style=true}
     * @param accessKey the access key's name for it; unset: looked for where AWS's tools look
     * @param secretKey its secret
     * @param passphraseFile a file with the passphrase of the primary repository: it is unlocked by it, and encrypted if it is made now
     */
    public record RepositoryProperties(
            @Nullable Path directory,
            @Nullable String s3,
            @Nullable String accessKey,
            @Nullable String secretKey,
            @Nullable Path passphraseFile) {

        /** Everything unset. */
        public static RepositoryProperties none() {
            return new RepositoryProperties(null, null, null, null, null);
        }

        @Override
        public String toString() {
            return "RepositoryProperties[" + directory + ", " + s3 + ", " + passphraseFile + "]";
        }
    }

    /**
     * What protects secrets in the database.
     *
     * @param keyFile the file of the key; unset: {@code secrets.key} in the data directory, made at the first need
     */
    public record SecretsProperties(@Nullable Path keyFile) {}

    /**
     * The PostgreSQL to use.
     *
     * @param url a JDBC URL; unset: an embedded PostgreSQL in the data directory
     * @param user who to connect as
     * @param password and with what
     */
    public record DatabaseProperties(
            @Nullable String url,
            @Nullable String user,
            @Nullable String password) {}

    /**
     * Where old blocks are kept while a backup reads.
     *
     * @param directory for scratch overlays that no source names a place for, under the same path for the service and for QEMU; unset:
     *     {@code scratch} in the data directory
     */
    public record ScratchProperties(@Nullable Path directory) {}

    /**
     * When space is given back.
     *
     * @param grace how long packs that no point needs stay
     * @param trash how long deleted packs stay in {@code trash/} after that; unset: as long as the grace period, at most five minutes
     * @param reserve how much space a repository in a directory sets aside to be reclaimed with when its disk is full, enough to rewrite a pack or two; 0 for none
     */
    public record ReclaimProperties(
            @DefaultValue("15m") Duration grace,
            @Nullable Duration trash,
            @DefaultValue("64MB") DataSize reserve) {

        /** Everything unset. */
        public static ReclaimProperties defaults() {
            return new ReclaimProperties(Duration.ofMinutes(15), null, DataSize.ofMegabytes(64));
        }
    }

    /**
     * What restores may write.
     *
     * @param directories files are restored below these only; empty: {@code restores} in the data directory
     */
    public record RestoreProperties(@DefaultValue List<Path> directories) {}

    /**
     * Who may reach the service.
     *
     * @param behindLoopbackProxy allows listening on every address, for a container whose port is published on the host's loopback
     *     only; there are no users yet, so whoever reaches the port may do everything
     * @param hosts host names that requests may carry besides the loopback ones
     */
    public record AccessProperties(
            @DefaultValue("false") boolean behindLoopbackProxy,
            @DefaultValue List<String> hosts) {}

    /**
     * How recovery points are served over NBD.
     *
     * @param address the address to listen on
     * @param port the port; 0: any free one; unset: 10809, or any free one if that is taken
     * @param socket a Unix socket to listen on too; unset: {@code nbd.sock} in the data directory, if its path is short enough for one
     * @param tls whether connections are encrypted; unset: required beyond loopback, else off
     * @param certificate the server's certificate, PEM; unset: one by an authority that is made in the data directory
     * @param privateKey its key, PEM
     * @param clientAuthority what has to have signed a client's certificate, PEM; with a certificate of the operator's own and without this, clients need none
     * @param names further host names and addresses that a certificate of our own is for
     * @param exports most exports that may be open
     * @param clients most connections
     * @param overlayDirectory where what is written to exports is kept; unset: {@code overlays} in the data directory
     * @param overlayLimit how much data a writable export may hold, unless it is opened with another limit
     * @param cache memory off the heap for what is read of points
     */
    public record NbdProperties(
            @DefaultValue("127.0.0.1") String address,
            @Nullable Integer port,
            @Nullable Path socket,
            @Nullable TlsMode tls,
            @Nullable Path certificate,
            @Nullable Path privateKey,
            @Nullable Path clientAuthority,
            @DefaultValue List<String> names,
            @DefaultValue("64") int exports,
            @DefaultValue("64") int clients,
            @Nullable Path overlayDirectory,
            @DefaultValue("10GB") DataSize overlayLimit,
            @DefaultValue("256MB") DataSize cache) {

        /** Everything unset, for those who need no server. */
        public static NbdProperties defaults() {
            return new NbdProperties(
                    "127.0.0.1",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    64,
                    64,
                    null,
                    DataSize.ofGigabytes(10),
                    DataSize.ofMegabytes(256));
        }
    }

    /** Whether NBD connections are encrypted. */
    public enum TlsMode {
        /** Never. */
        OFF,
        /** If the client asks for it. */
        OPTIONAL,
        /** Always, and clients show a certificate where an authority for them is set. */
        REQUIRED
    }

    /** Where what is written to exports is kept, absolute. */
    public Path overlayDirectory() {
        Path configured = nbd.overlayDirectory();
        return configured == null
                ? data().resolve("overlays")
                : configured.toAbsolutePath().normalize();
    }

    /** The directory of the appliance's own files, absolute. */
    public Path data() {
        if (dataDirectory != null) {
            return dataDirectory.toAbsolutePath().normalize();
        }
        boolean root = "root".equals(System.getProperty("user.name")) && Files.isWritable(Path.of("/var/lib"));
        return root ? Path.of("/var/lib/nightjar") : Path.of(System.getProperty("user.home"), ".nightjar");
    }

    /** The directory that a repository is made in unless somebody says otherwise, absolute. */
    public Path defaultRepositoryDirectory() {
        return data().resolve("repository");
    }

    /** The file of the key that protects secrets in the database, absolute. */
    public Path secretsKeyFile() {
        Path configured = secrets.keyFile();
        return configured == null
                ? data().resolve("secrets.key")
                : configured.toAbsolutePath().normalize();
    }

    /** Where scratch overlays go that no source names a place for, absolute. */
    public Path scratchDirectory() {
        Path configured = scratch.directory();
        return configured == null
                ? data().resolve("scratch")
                : configured.toAbsolutePath().normalize();
    }

    /** The directories that restores may write below, absolute, at least one. */
    public List<Path> restoreDirectories() {
        List<Path> configured = restore.directories();
        return configured.isEmpty()
                ? List.of(data().resolve("restores"))
                : configured.stream()
                        .map(path -> path.toAbsolutePath().normalize())
                        .toList();
    }
}
