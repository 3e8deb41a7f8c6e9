package dev.nightjar.cli.repository;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.cli.Streams;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.key.Encryption;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.RepositoryIdentity;
import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.offline.OfflineRepository;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the passphrase or the recovery key of an encrypted repository comes from; never from the command line, which others can see. */
final class KeyOptions {

    static final String PASSPHRASE_VARIABLE = "NIGHTJAR_PASSPHRASE";

    private static final int MOST_BYTES = 4096;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = {
                "read the passphrase of an encrypted repository from the first line of FILE; else it is taken from "
                        + PASSPHRASE_VARIABLE + ", or asked for at a terminal"
            })
    private @Nullable Path passphraseFile;

    @Option(
            names = "--recovery-key-file",
            paramLabel = "FILE",
            description = "read the recovery key from the first line of FILE, instead of a passphrase")
    private @Nullable Path recoveryKeyFile;

    /** A repository of which everything is to be read. */
    OfflineRepository open(BlobStore blobs, Streams streams) {
        return OfflineRepository.open(blobs, unlock(blobs, streams));
    }

    private Unlock unlock(BlobStore blobs, Streams streams) {
        if (passphraseFile != null && recoveryKeyFile != null) {
            throw new CommandFailure(
                    CommandErrorCode.INVALID_ARGUMENT,
                    "--passphrase-file and --recovery-key-file exclude each other",
                    "Either opens the repository.");
        }
        if (RepositoryIdentity.config(blobs).encryption() == Encryption.NONE) {
            return new Unlock.Nothing();
        }
        if (recoveryKeyFile != null) {
            return new Unlock.Recovery(RecoveryKey.parse(firstLine(recoveryKeyFile)));
        }
        if (passphraseFile != null) {
            return Unlock.ofPassphrase(firstLine(passphraseFile));
        }
        String variable = System.getenv(PASSPHRASE_VARIABLE);
        return Unlock.ofPassphrase(variable == null ? ask(streams) : variable);
    }

    private static @Nullable String ask(Streams streams) {
        Console console = streams.terminal() ? System.console() : null;
        if (console == null || !console.isTerminal()) {
            return null;
        }
        streams.errors().print("Passphrase of the repository: ");
        streams.errors().flush();
        char[] typed = console.readPassword();
        return typed == null ? null : new String(typed);
    }

    private static String firstLine(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("it has more than " + MOST_BYTES + " bytes");
            }
            return Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new CommandFailure(
                    CommandErrorCode.FILE_ERROR,
                    "cannot read " + file + ": " + e.getMessage(),
                    "Check the path and who may read it.",
                    e);
        }
    }
}
