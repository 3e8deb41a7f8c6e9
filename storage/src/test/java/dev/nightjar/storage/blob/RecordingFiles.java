package dev.nightjar.storage.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Real files below a root, with a record of what was asked of them; one operation of the record may fail. */
final class RecordingFiles implements FileOperations {

    private final FileOperations files = new LocalFiles();
    private final Path root;
    private final List<String> operations = new ArrayList<>();
    private @Nullable String failing;
    private @Nullable IOException failure;

    RecordingFiles(Path root) {
        this.root = root;
    }

    /** What was asked so far; temporary files are called {@code tmp/x}. */
    List<String> operations() {
        return List.copyOf(operations);
    }

    void forget() {
        operations.clear();
    }

    /** Makes every later operation of this name fail. */
    void fail(String operation, IOException with) {
        failing = operation;
        failure = with;
    }

    void heal() {
        failing = null;
        failure = null;
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        record("mkdir " + name(directory));
        files.createDirectory(directory);
    }

    @Override
    public OpenFile createFile(Path file) throws IOException {
        record("create " + name(file));
        return new RecordedFile(name(file), files.createFile(file));
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        record("link " + name(file) + " " + name(name));
        files.link(file, name);
    }

    @Override
    public void delete(Path file) throws IOException {
        record("delete " + name(file));
        files.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        record("sync " + name(directory) + "/");
        files.syncDirectory(directory);
    }

    private void record(String operation) throws IOException {
        operations.add(operation);
        if (failure != null && operation.equals(failing)) {
            throw failure;
        }
    }

    private String name(Path path) {
        return root.relativize(path).toString().replaceFirst("^tmp/.*", "tmp/x");
    }

    private final class RecordedFile implements OpenFile {

        private final String name;
        private final OpenFile file;

        RecordedFile(String name, OpenFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public boolean tryLock() throws IOException {
            return file.tryLock();
        }

        @Override
        public void write(ByteBuffer content) throws IOException {
            record("write " + name);
            file.write(content);
        }

        @Override
        public void sync() throws IOException {
            record("sync " + name);
            file.sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
