package dev.nightjar.storage.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private synchronized void broken(String rule) {
        brokenRules.add(rule);
    }

    /** Something that the file system does. */
    private interface Operation {
        void run() throws IOException;
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
        perform("link", name, () -> files.link(file, name));
    }

    @Override
    public void delete(Path file) throws IOException {
        perform("delete", file, () -> files.delete(file));
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        perform("sync directory", directory, () -> files.syncDirectory(directory));
    }

    private final class FaultyFile implements OpenFile {

        private final Path path;
        private final OpenFile file;
        private boolean lost;

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
            requireNotLost("write");
            if (fails("write " + path)) {
                file.write(content.slice(content.position(), content.remaining() / 2));
                throw failure(path);
            }
            file.write(content);
        }

        @Override
        public void sync() throws IOException {
            requireNotLost("sync");
            if (fails("sync " + path)) {
                lost = true;
                throw failure(path);
            }
            file.sync();
        }

        private void requireNotLost(String what) {
            if (lost) {
                broken(what + " of " + path + " after its fsync failed");
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
