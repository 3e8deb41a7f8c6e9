package dev.nightjar.storage.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Real files of which one operation fails, once. Thread-safe. */
public final class FaultyFiles implements FileOperations {

    /** How an operation fails. */
    public enum Fault {
        /** There is no space; of a write half is there. */
        NO_SPACE("No space left on device"),
        /** The device fails, and nothing was done. */
        DEVICE("Input/output error"),
        /** The device fails after the operation was done all the same. */
        DEVICE_AFTERWARDS("Input/output error");

        private final String text;

        Fault(String text) {
            this.text = text;
        }
    }

    private final FileOperations files = new LocalFiles();
    private final List<String> brokenRules = new ArrayList<>();
    private final Set<Path> lostFiles = new HashSet<>();
    private final Set<Path> unsyncedDirectories = new HashSet<>();
    private final Set<Path> newNames = new HashSet<>();
    private int operations;
    private int failAt;
    private Fault fault = Fault.DEVICE;
    private @Nullable String failed;

    /** A store in a directory that exists. */
    public BlobStore store(Path directory) {
        return new DirectoryBlobStore(directory.toAbsolutePath().normalize(), this);
    }

    /** From here on operations are counted, and the one of this number, from 1, fails. */
    public synchronized void arm(int number, Fault how) {
        operations = 0;
        failAt = number;
        fault = how;
        failed = null;
        unsyncedDirectories.clear();
        newNames.clear();
    }

    /** Nothing fails any more; returns what did, or null. */
    public synchronized @Nullable String disarm() {
        failAt = 0;
        return failed;
    }

    /** How many operations there were since {@link #arm}. */
    public synchronized int operations() {
        return operations;
    }

    /** The directories whose last fsync since {@link #arm} failed: whatever was done by then in any of them must not be called done. */
    public synchronized Set<Path> unsyncedDirectories() {
        return Set.copyOf(unsyncedDirectories);
    }

    /** Whether names have appeared in a directory since {@link #arm} that may not be durable. */
    public synchronized boolean hasNewNamesIn(Path directory) {
        return newNames.stream().anyMatch(name -> directory.equals(name.getParent()));
    }

    /** Where a file was used on although its fsync had failed. */
    public synchronized List<String> brokenRules() {
        return List.copyOf(brokenRules);
    }

    private synchronized boolean fails(String what) {
        operations++;
        if (operations == failAt) {
            failed = what;
        }
        return operations == failAt;
    }

    /** Something that the file system does. */
    private interface Operation {
        void run() throws IOException;
    }

    private synchronized void note(Path directory, boolean synced) {
        if (synced) {
            unsyncedDirectories.remove(directory);
            newNames.removeIf(name -> directory.equals(name.getParent()));
        } else {
            unsyncedDirectories.add(directory);
        }
    }

    private synchronized void appeared(Path name) {
        newNames.add(name);
    }

    /** A name that is gone again needs no fsync any more. */
    private synchronized void takenBack(Path name) {
        if (newNames.remove(name)) {
            unsyncedDirectories.remove(name.getParent());
        }
    }

    private synchronized void lose(Path file) {
        lostFiles.add(file);
    }

    private synchronized void requireNotLost(String what, Path file) {
        if (lostFiles.contains(file)) {
            brokenRules.add(what + " of " + file + " after its fsync failed");
        }
    }

    private void perform(String what, Path path, Operation operation) throws IOException {
        boolean fails = fails(what + " " + path);
        if (!fails || fault == Fault.DEVICE_AFTERWARDS) {
            operation.run();
        }
        if (fails) {
            throw failure(path);
        }
    }

    private FileSystemException failure(Path path) {
        return new FileSystemException(path.toString(), null, fault.text);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        perform("mkdir", directory, () -> files.createDirectory(directory));
        appeared(directory);
    }

    @Override
    public OpenFile createFile(Path file) throws IOException {
        if (fails("create " + file)) {
            throw failure(file);
        }
        return new FaultyFile(file, files.createFile(file));
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        requireNotLost("link to " + name, file);
        perform("link", name, () -> files.link(file, name));
        appeared(name);
    }

    @Override
    public void delete(Path file) throws IOException {
        perform("delete", file, () -> files.delete(file));
        takenBack(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        note(directory, false);
        perform("sync directory", directory, () -> files.syncDirectory(directory));
        note(directory, true);
    }

    private final class FaultyFile implements OpenFile {

        private final Path path;
        private final OpenFile file;

        FaultyFile(Path path, OpenFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public boolean tryLock() throws IOException {
            return file.tryLock();
        }

        @Override
        public void write(ByteBuffer content) throws IOException {
            requireNotLost("write", path);
            if (fails("write " + path)) {
                file.write(content.slice(content.position(), content.remaining() / 2));
                throw failure(path);
            }
            file.write(content);
        }

        @Override
        public void sync() throws IOException {
            requireNotLost("sync", path);
            if (fails("sync " + path)) {
                lose(path);
                throw failure(path);
            }
            file.sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
