package dev.nightjar.service.restore;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.restore.raw.RawFile;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.storage.recover.RecoveryPointReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.http.HttpStatus;

/**
 * Writes a point to a raw file: under a temporary name beside it, with holes where the disk is zero, durably, and only then under its own. Until then nothing is at the
 * target, and a restore that fails leaves nothing there.
 */
final class FileRestore implements RunTask {

    private final RecoveryPointReader reader;
    private final Path file;
    private final boolean overwrite;

    FileRestore(RecoveryPointReader reader, Path file, boolean overwrite) {
        this.reader = reader;
        this.file = file;
        this.overwrite = overwrite;
    }

    @Override
    public void execute(RunContext run) {
        run.enter(RunPhase.RESTORING);
        run.totals(reader.size());
        run.points(List.of(reader.point().id()));
        Path temporary = temporary(file, run.runId());
        try {
            try {
                RawFile.write(reader, temporary, sink -> new WatchedSink(run, sink));
                // What was cancelled or lost while the last bytes became durable must not show up under its name.
                run.checkCancelled();
                run.enter(RunPhase.COMMITTING);
                publish(temporary);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (FileAlreadyExistsException e) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "RESTORE_TARGET_EXISTS",
                    file + " appeared while the point was restored",
                    "Choose another name, or ask for the file to be replaced.",
                    e);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** The name under which a run writes before its file has its own. */
    static Path temporary(Path file, UUID run) {
        return file.resolveSibling("." + file.getFileName() + "." + run);
    }

    private void publish(Path temporary) throws IOException {
        if (overwrite) {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            publishNew(temporary);
        }
        Path directory = file.getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    // A link, unlike a rename, never replaces what somebody put there meanwhile.
    private void publishNew(Path temporary) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            // A file system without links, such as a FAT stick: the best there is looks first, then renames.
            Files.move(temporary, file);
        }
    }

    private NightjarException failure(IOException e) {
        String message = String.valueOf(e.getMessage());
        boolean full = message.toLowerCase(Locale.ROOT).contains("no space left")
                || message.toLowerCase(Locale.ROOT).contains("quota exceeded");
        return full
                ? new NightjarException(
                        HttpStatus.INSUFFICIENT_STORAGE,
                        "RESTORE_TARGET_FULL",
                        "no space is left for " + file,
                        "Make room or choose another directory; nothing was left behind.",
                        e)
                : new NightjarException(
                        "RESTORE_TARGET_FAILED",
                        file + " could not be written: " + e,
                        "See what the operating system says; nothing was left behind.",
                        e);
    }
}
