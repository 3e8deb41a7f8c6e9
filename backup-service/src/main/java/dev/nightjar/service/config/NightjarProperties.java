package dev.nightjar.service.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an operator can set, under {@code nightjar.} or as {@code NIGHTJAR_…} in the environment. Immutable.
 *
 * @param dataDirectory where the appliance keeps what is its own; unset: {@code /var/lib/nightjar} for root, else {@code ~/.nightjar}
 * @param repository where backups go
 * @param database the PostgreSQL to use; without a URL an embedded one
 * @param scratch where old blocks are kept while a backup reads
 * @param restore what restores may write
 * @param access who may reach the service
 */
@ConfigurationProperties("nightjar")
public record NightjarProperties(
        @Nullable Path dataDirectory,
        @DefaultValue RepositoryProperties repository,
        @DefaultValue DatabaseProperties database,
        @DefaultValue ScratchProperties scratch,
        @DefaultValue RestoreProperties restore,
        @DefaultValue AccessProperties access) {

    /**
     * Where backups go.
     *
     * @param directory the repository's directory; unset: {@code repository} in the data directory
     */
    public record RepositoryProperties(@Nullable Path directory) {}

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

    /** The directory of the appliance's own files, absolute. */
    public Path data() {
        if (dataDirectory != null) {
            return dataDirectory.toAbsolutePath().normalize();
        }
        boolean root = "root".equals(System.getProperty("user.name")) && Files.isWritable(Path.of("/var/lib"));
        return root ? Path.of("/var/lib/nightjar") : Path.of(System.getProperty("user.home"), ".nightjar");
    }

    /** The repository's directory, absolute. */
    public Path repositoryDirectory() {
        Path configured = repository.directory();
        return configured == null
                ? data().resolve("repository")
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
