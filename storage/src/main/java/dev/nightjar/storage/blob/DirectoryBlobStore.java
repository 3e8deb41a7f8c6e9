package dev.nightjar.storage.blob;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.TemporaryFiles.Temporary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs as files of a directory that only the owner may enter. Thread-safe.
 *
 * <p>The order in which a blob is written, and what a crash leaves:
 *
 * <pre>
 * 1  create tmp/x, write, fsync                     a file in tmp/, removed when the store is opened next
 * 2  create missing parents, fsync theirs           an empty directory
 * 3  link tmp/x to its name, never replacing        the whole blob or none of it
 * 4  fsync the parent                               the whole blob
 * 5  unlink tmp/x                                   the whole blob
 * </pre>
 *
 * <p>The file system must know hard links and fsync of directories, as ext4, xfs, btrfs, zfs and NFS do.
 */
public final class DirectoryBlobStore implements BlobStore {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryBlobStore.class);

    /** A file system with less room than this, or than this part of it, is nearly full. */
    private static final long NEARLY_FULL_BYTES = 16L << 30;

    private static final int NEARLY_FULL_PART = 20;

    private final Path root;
    private final FileOperations files;
    private final FileFailure failure;
    private final TemporaryFiles temporaries;
    private final DurableDirectories directories;
    private final SpaceReserve reserve;
    private final WriteBuffers buffers = new WriteBuffers();

    /** Held while a name appears and is made durable, so that nobody finds a name that is taken back because its directory could not be synced. */
    private final ReentrantLock publishing = new ReentrantLock();

    DirectoryBlobStore(Path root, FileOperations files) {
        this(root, files, 0);
    }

    DirectoryBlobStore(Path root, FileOperations files, long reserveBytes) {
        this.root = root;
        this.files = files;
        this.failure = new FileFailure(root);
        this.temporaries = new TemporaryFiles(root, files);
        this.directories = new DurableDirectories(root, files);
        this.reserve = reserveBytes == 0
                ? SpaceReserve.NONE
                : new ReserveFile(root, files, temporaries, failure, reserveBytes);
    }

    /** As {@link #create(Path, long)}, without setting space aside. */
    public static DirectoryBlobStore create(Path directory) {
        return create(directory, 0);
    }

    /**
     * Creates the directory where it is missing, parents included, and makes sure that it can be written. Nothing else is changed in it.
     *
     * @param reserveBytes how much space {@link #reserve} keeps, at most a hundredth of the file system; 0 for none
     * @throws StorageException REPOSITORY_NOT_WRITABLE, REPOSITORY_FULL
     */
    public static DirectoryBlobStore create(Path directory, long reserveBytes) {
        return create(directory, new LocalFiles(), reserveBytes);
    }

    static DirectoryBlobStore create(Path directory, FileOperations files, long reserveBytes) {
        DirectoryBlobStore store = new DirectoryBlobStore(absolute(directory), files, reserveBytes);
        try {
            store.directories.createRoot();
        } catch (IOException e) {
            throw store.failure.writing("the directory", e);
        }
        store.temporaries.sweep();
        store.tryWriting();
        return store;
    }

    private void tryWriting() {
        try {
            Temporary probe = temporaries.create();
            try {
                probe.file().write(ByteBuffer.allocate(1));
            } finally {
                temporaries.discard(probe);
            }
        } catch (IOException e) {
            throw failure.writing("a temporary file", e);
        }
    }

    /**
     * Opens a directory that exists, and removes from {@code tmp/} what killed processes left. A directory that can only be read is opened too; writing to it fails.
     *
     * @throws StorageException REPOSITORY_NOT_FOUND, REPOSITORY_NOT_READABLE
     */
    public static DirectoryBlobStore open(Path directory) {
        return open(directory, 0);
    }

    /**
     * As {@link #open(Path)}.
     *
     * @param reserveBytes how much space {@link #reserve} keeps, at most a hundredth of the file system; 0 for none
     */
    public static DirectoryBlobStore open(Path directory, long reserveBytes) {
        return open(directory, new LocalFiles(), reserveBytes);
    }

    static DirectoryBlobStore open(Path directory, FileOperations files, long reserveBytes) {
        DirectoryBlobStore store = look(directory, files, reserveBytes);
        store.syncFoundNames();
        store.temporaries.sweep();
        return store;
    }

    /**
     * Opens a directory that exists and changes nothing in it, for those who only read.
     *
     * @throws StorageException REPOSITORY_NOT_FOUND, REPOSITORY_NOT_READABLE
     */
    public static DirectoryBlobStore look(Path directory) {
        return look(directory, new LocalFiles(), 0);
    }

    private static DirectoryBlobStore look(Path directory, FileOperations files, long reserveBytes) {
        Path root = absolute(directory);
        DirectoryBlobStore store = new DirectoryBlobStore(root, files, reserveBytes);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            LOG.debug("opening {}{}", root, entries.iterator().hasNext() ? "" : ", which is empty");
        } catch (NoSuchFileException e) {
            throw store.noDirectory("there is no directory " + root, e);
        } catch (NotDirectoryException e) {
            throw store.noDirectory(root + " is not a directory", e);
        } catch (IOException e) {
            throw store.failure.reading("the directory", e);
        }
        return store;
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public SpaceReserve reserve() {
        return reserve;
    }

    @Override
    public boolean putIfAbsent(String name, ByteBuffer content) {
        BlobName.requireValid(name);
        BlobStore.requireBuffer(content.remaining());
        try (PendingBlob blob = create()) {
            blob.write(content.duplicate());
            return blob.commit(name).created();
        }
    }

    @Override
    public PendingBlob create() {
        try {
            return new DirectoryPendingBlob(this, temporaries.create());
        } catch (IOException e) {
            throw failure.writing("a temporary file", e);
        }
    }

    @Override
    public ByteBuffer read(String name, long offset, int length) {
        BlobStore.requireBuffer(length);
        long size = size(name);
        if (offset < 0 || offset > size || length > size - offset) {
            throw truncated(name, offset, length, size);
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        try (FileChannel channel =
                FileChannel.open(path(name), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw truncated(name, offset, length, offset + buffer.position());
                }
            }
        } catch (NoSuchFileException e) {
            throw notFound(name, e);
        } catch (IOException e) {
            throw failure.reading(name, e);
        }
        return buffer.flip();
    }

    @Override
    public long size(String name) {
        BasicFileAttributes attributes = attributes(name);
        if (attributes == null) {
            throw notFound(name, null);
        }
        return attributes.size();
    }

    @Override
    public void requireAnswer(String name) {
        BlobStore.super.requireAnswer(name);
        try (FileChannel channel = FileChannel.open(path(name), StandardOpenOption.READ, DirectIo.OPTION)) {
            channel.read(DirectIo.allocate(DirectIo.ALIGNMENT), 0);
        } catch (IOException e) {
            // A file system that cannot be read past the page cache says something else.
            if (FileFailure.isOfDevice(e)) {
                throw failure.reading(name, e);
            }
        } catch (UnsupportedOperationException e) {
            LOG.debug("{} cannot be read past the page cache", root, e);
        }
    }

    @Override
    public boolean exists(String name) {
        return attributes(name) != null;
    }

    @Override
    public Stream<BlobInfo> list(String prefix) {
        return new DirectoryListing(root, failure).blobs(BlobName.requireValidPrefix(prefix));
    }

    @Override
    public void delete(String name) {
        Path path = path(name);
        try {
            remove(path);
            // Also if it was not there: whoever removed it may have died before this line.
            files.syncDirectory(DurableDirectories.parent(path));
        } catch (NoSuchFileException e) {
            return; // Its directory is not there either.
        } catch (IOException e) {
            throw failure.writing(name, e);
        }
    }

    @Override
    public boolean move(String name, String to) {
        if (attributes(name) == null) {
            throw notFound(name, null);
        }
        try {
            if (!publish(path(name), to)) {
                return false;
            }
        } catch (NoSuchFileException e) {
            throw notFound(name, e);
        } catch (IOException e) {
            throw failure.writing(to, e);
        }
        delete(name);
        return true;
    }

    @Override
    public boolean isNearlyFull() {
        try {
            FileStore store = Files.getFileStore(root);
            return store.getUsableSpace() < Math.min(NEARLY_FULL_BYTES, store.getTotalSpace() / NEARLY_FULL_PART);
        } catch (IOException e) {
            throw failure.reading("the space left", e);
        }
    }

    /** Gives a synced file a name, durably; false if the name is taken, in which case that name is durable. */
    boolean publish(Path temporary, String name) throws IOException {
        Path path = path(name);
        Path parent = DurableDirectories.parent(path);
        directories.create(parent);
        publishing.lock();
        try {
            boolean created = link(temporary, path);
            try {
                // Also when the name was taken: whoever linked it may not have come to this line yet, or may have died
                // before it.
                files.syncDirectory(parent);
            } catch (IOException e) {
                if (created) {
                    takeBack(path, e);
                }
                throw e;
            }
            return created;
        } finally {
            publishing.unlock();
        }
    }

    void discard(Temporary temporary) {
        temporaries.discard(temporary);
    }

    WriteBuffers buffers() {
        return buffers;
    }

    FileFailure failure() {
        return failure;
    }

    private boolean link(Path temporary, Path path) throws IOException {
        try {
            files.link(temporary, path);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException e) {
            throw new IOException("this file system has no hard links", e);
        }
    }

    /** Whoever made the repository may have died before its configuration's name was durable. A directory that can only be read may refuse. */
    private void syncFoundNames() {
        try {
            files.syncDirectory(root);
        } catch (IOException e) {
            LOG.debug("cannot sync {}", root, e);
        }
    }

    private void remove(Path path) throws IOException {
        try {
            files.delete(path);
        } catch (NoSuchFileException e) {
            LOG.debug("{} is gone already", path);
        }
    }

    private void takeBack(Path path, IOException why) {
        try {
            files.delete(path);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private @Nullable BasicFileAttributes attributes(String name) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? attributes : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw failure.reading(name, e);
        }
    }

    private Path path(String name) {
        return root.resolve(BlobName.requireValid(name));
    }

    private StorageException noDirectory(String message, IOException cause) {
        return new StorageException(
                StorageErrorCode.REPOSITORY_NOT_FOUND,
                message,
                "Check the path and that the file system is mounted, or create a repository there.",
                cause);
    }

    private StorageException notFound(String name, @Nullable IOException cause) {
        if (!Files.isDirectory(root)) {
            return new StorageException(
                    StorageErrorCode.REPOSITORY_NOT_FOUND,
                    "the repository's directory " + root + " is gone",
                    "Check that the file system is mounted.",
                    cause);
        }
        return new StorageException(
                StorageErrorCode.BLOB_NOT_FOUND,
                "there is no " + name + " in " + root,
                "If it was deleted by hand, bring it back; else run a check of the repository.",
                cause);
    }

    private StorageException truncated(String name, long offset, int length, long size) {
        return new StorageException(
                StorageErrorCode.DATA_DAMAGED,
                name + " in " + root + " ends at " + size + ", before the range of " + length + " bytes at " + offset,
                "The file was cut off; bring it back from a copy of the repository.");
    }

    private static Path absolute(Path directory) {
        return directory.toAbsolutePath().normalize();
    }
}
