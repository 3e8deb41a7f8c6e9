package dev.nightjar.service.source.qmp;

import dev.nightjar.service.source.SourceRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where QEMU keeps what the guest overwrites while a view is open. The directory is QEMU's: if it runs elsewhere, the service may not
 * see it, and cannot watch its space or delete its files.
 *
 * @param directory the directory
 * @param machine what this machine's files carry in their names
 */
record Scratch(Path directory, String machine) {

    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);
    private static final long RESERVE_BYTES = 1L << 30;
    private static final int RESERVE_SHARE = 20;

    static Scratch of(Path directory, SourceRun run) {
        return new Scratch(directory, RunNames.digits(run.machineId()));
    }

    /** The overlay of one disk. */
    Path overlay(RunNames names, int disk) {
        return directory.resolve(names.tag() + "-" + machine + "-" + disk + ".qcow2");
    }

    /** The socket of the NBD server that is started for a run; the same for all runs of the machine. */
    Path nbdSocket(RunNames names) {
        return directory.resolve(names.prefix() + machine + ".sock");
    }

    /** Creates the directory if it is the service's to create. */
    void prepare() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new QmpException(
                    QmpErrorCode.SCRATCH_UNUSABLE,
                    "Cannot create the scratch directory " + directory + ": " + e.getMessage(),
                    "Check the path and its permissions, or set the source's scratchDirectory.");
        }
    }

    /**
     * Refuses to go on while little space is left: QEMU before 10.1 answers the guest's writes with errors once its overlay cannot
     * grow.
     *
     * @throws QmpException SCRATCH_SPACE_LOW
     */
    void requireSpace() {
        try {
            FileStore store = Files.getFileStore(directory);
            long reserve = reserveBytes(store.getTotalSpace());
            long free = store.getUsableSpace();
            if (free < reserve) {
                throw new QmpException(
                        QmpErrorCode.SCRATCH_SPACE_LOW,
                        "Only " + (free >> 20) + " MiB are left for scratch overlays in " + directory
                                + ", less than the " + (reserve >> 20) + " MiB that are held back for the guest's sake",
                        "Make space there, or set the source's scratchDirectory to a larger file system.");
            }
        } catch (IOException e) {
            LOG.debug("cannot see the space of {}", directory, e);
        }
    }

    /** How much of a file system is held back: a twentieth, at most 1 GiB. */
    static long reserveBytes(long totalBytes) {
        return Math.min(RESERVE_BYTES, totalBytes / RESERVE_SHARE);
    }

    /** Deletes a file, if the service can see it. */
    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes this machine's overlays of runs that are over. */
    void deleteLeftovers(RunNames names, ActiveRuns active) {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory, names.prefix() + "*-" + machine + "-*.qcow2")) {
            for (Path file : files) {
                String tag = names.tagOf(String.valueOf(file.getFileName()));
                if (tag != null && !active.owns(tag)) {
                    LOG.info("deleting leftover {}", file);
                    delete(file);
                }
            }
        } catch (NoSuchFileException e) {
            // No run has been here yet.
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("cannot look for leftovers in {}: {}", directory, e.getMessage());
        }
    }
}
