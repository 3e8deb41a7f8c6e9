package dev.nightjar.storage.blob;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.TemporaryFiles.Temporary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SplittableRandom;

/**
 * A file {@value #NAME} in the repository's directory that is there only to be given up. No blob can have its name, and somebody who has to make room by hand sees it.
 * It appears whole or not at all. Several processes may keep it and give it up.
 *
 * @param bytes how long it is to be, but never more than a hundredth of the file system
 */
record ReserveFile(Path root, FileOperations files, TemporaryFiles temporaries, FileFailure failure, long bytes)
        implements SpaceReserve {

    static final String NAME = "RESERVE";

    private static final int PIECE_BYTES = 1 << 20;
    private static final int MOST_OF_FILE_SYSTEM = 100;

    @Override
    public boolean keep() {
        try {
            long there = length();
            FileStore store = Files.getFileStore(root);
            long length = Math.min(bytes, store.getTotalSpace() / MOST_OF_FILE_SYSTEM);
            // One that is longer was asked for once; people who want their space back delete it.
            if (there >= length) {
                return true;
            }
            if (store.getUsableSpace() + there < 2 * length) {
                return false;
            }
            giveUp();
            write(length);
            return true;
        } catch (IOException e) {
            StorageException why = failure.writing(NAME, e);
            if (why.code() == StorageErrorCode.REPOSITORY_FULL) {
                return false;
            }
            throw why;
        }
    }

    @Override
    public boolean giveUp() {
        try {
            files.delete(file());
            files.syncDirectory(root);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw failure.writing(NAME, e);
        }
    }

    /** 0 if there is none. */
    private long length() throws IOException {
        try {
            return Files.readAttributes(file(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .size();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private void write(long length) throws IOException {
        Temporary temporary = temporaries.create();
        try {
            // Noise: a file system that compresses would set nothing aside for zeros.
            byte[] noise = new byte[PIECE_BYTES];
            SplittableRandom random = new SplittableRandom();
            for (long left = length; left > 0; left -= PIECE_BYTES) {
                random.nextBytes(noise);
                temporary.file().write(ByteBuffer.wrap(noise, 0, (int) Math.min(PIECE_BYTES, left)));
            }
            temporary.file().sync();
            files.link(temporary.path(), file());
            files.syncDirectory(root);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster.
            return;
        } finally {
            temporaries.discard(temporary);
        }
    }

    private Path file() {
        return root.resolve(NAME);
    }
}
