package dev.nightjar.storage.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A file system below a directory that durably exists: every operation is done for real, but for syncing, and recorded, so that what a crash after any of them leaves
 * can be told. Can refuse everything from some operation on, as if the process that asks had been killed. Thread-safe: operations take place one after the other.
 */
public final class SimulatedDisk implements FileOperations {

    private final FileOperations real = new UnsyncedFiles();
    private final Path base;
    private final Consumer<String> listener;
    private final List<FileOperation> operations = new ArrayList<>();
    private final Map<Path, Integer> files = new HashMap<>();
    private int created;
    private int dieAfter = Integer.MAX_VALUE;

    /**
     * @param base an empty directory
     * @param listener told of every operation after it was done, before the next one
     */
    public SimulatedDisk(Path base, Consumer<String> listener) {
        this.base = real(base);
        this.listener = listener;
    }

    /** Makes a store of a directory. */
    public BlobStore create(String directory) {
        return DirectoryBlobStore.create(base.resolve(directory), this, 0);
    }

    /** Opens a store's directory. */
    public BlobStore open(String directory) {
        return DirectoryBlobStore.open(base.resolve(directory), this, 0);
    }

    /** How many operations were done. */
    public synchronized int operations() {
        return operations.size();
    }

    /** What an operation was, by its number from 1. */
    public synchronized String describe(int operation) {
        return switch (operations.get(operation - 1)) {
            case FileOperation.Append append ->
                "Append[file=" + append.file() + ", bytes=" + append.content().capacity() + ']';
            case FileOperation other -> other.toString();
        };
    }

    /** Refuses everything once so many operations were done. */
    public synchronized void dieAfter(int operations) {
        dieAfter = operations;
    }

    /** Whether operations are refused. */
    public synchronized boolean isDead() {
        return operations.size() >= dieAfter;
    }

    /** What was done until now, to be gone through. */
    public synchronized DiskReplay replay() {
        return new DiskReplay(List.copyOf(operations));
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        requireAlive();
        real.createDirectory(directory);
        done(new FileOperation.MakeDirectory(name(directory)));
    }

    @Override
    public synchronized OpenFile createFile(Path file) throws IOException {
        requireAlive();
        OpenFile open = real.createFile(file);
        int number = ++created;
        files.put(file, number);
        done(new FileOperation.CreateFile(number, name(file)));
        return new SimulatedFile(number, open);
    }

    @Override
    public synchronized void link(Path file, Path name) throws IOException {
        requireAlive();
        real.link(file, name);
        int number = files.getOrDefault(file, 0);
        files.put(name, number);
        done(new FileOperation.Link(number, name(name)));
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        requireAlive();
        real.delete(file);
        files.remove(file);
        done(new FileOperation.Remove(name(file)));
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        requireAlive();
        if (directory.startsWith(base)) { // What is above is durable anyway.
            done(new FileOperation.SyncDirectory(name(directory)));
        }
    }

    private synchronized void write(int file, OpenFile open, ByteBuffer content) throws IOException {
        requireAlive();
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        open.write(content);
        done(new FileOperation.Append(file, ByteBuffer.wrap(bytes)));
    }

    private synchronized void sync(int file) throws IOException {
        requireAlive();
        done(new FileOperation.SyncFile(file));
    }

    private void requireAlive() throws IOException {
        if (isDead()) {
            throw new IOException("killed");
        }
    }

    private void done(FileOperation operation) {
        operations.add(operation);
        listener.accept(describe(operations.size()));
    }

    private String name(Path path) {
        if (!path.startsWith(base)) {
            throw new IllegalArgumentException(path + " is outside of the simulated file system");
        }
        return path.equals(base) ? "" : base.relativize(path).toString();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class SimulatedFile implements OpenFile {

        private final int number;
        private final OpenFile file;

        SimulatedFile(int number, OpenFile file) {
            this.number = number;
            this.file = file;
        }

        @Override
        public boolean tryLock() throws IOException {
            return file.tryLock();
        }

        @Override
        public void write(ByteBuffer content) throws IOException {
            SimulatedDisk.this.write(number, file, content);
        }

        @Override
        public void sync() throws IOException {
            SimulatedDisk.this.sync(number);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
