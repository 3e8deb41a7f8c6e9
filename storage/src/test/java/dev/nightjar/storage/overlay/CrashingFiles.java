package dev.nightjar.storage.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that can be asked how it would look if the world had ended after any of the system calls so far: because the process was killed, or because the power
 * was cut. Not thread-safe.
 */
final class CrashingFiles implements OverlayFiles {

    /** What a disk writes at once; everything larger can be torn. */
    private static final int SECTOR = 16;

    /** One system call that changed something. */
    private sealed interface Call {
        record Create(Path path, Node node) implements Call {}

        record Write(Node node, long offset, ByteBuffer bytes) implements Call {}

        record Sync(Node node) implements Call {}

        record Replace(Path from, Path to) implements Call {}

        record Delete(Path path) implements Call {}

        record SyncDirectory() implements Call {}
    }

    /** A file, whatever it is called. */
    private static final class Node {
        private byte[] content = new byte[0];
        /** Of a copy, the file that it was copied from. */
        private Node origin = this;
    }

    private final Map<Path, Node> names = new HashMap<>();
    /** What was there, durably, before the first call. */
    private final Map<Path, Node> before = new HashMap<>();

    private final List<Call> calls = new ArrayList<>();
    private @Nullable IOException nextWriteFails;
    private @Nullable IOException nextSyncFails;
    private long room = Long.MAX_VALUE;

    /** How many calls there were. */
    int calls() {
        return calls.size();
    }

    /** The next write of any file fails in the middle. */
    void failNextWrite(IOException failure) {
        nextWriteFails = failure;
    }

    /** The next attempt to make something durable fails. */
    void failNextSync(IOException failure) {
        nextSyncFails = failure;
    }

    /** From now on files can grow by so many bytes together. */
    void limitGrowth(long bytes) {
        room = bytes;
    }

    /** The files after a kill during the call after {@code count}. */
    CrashingFiles afterKill(int count, Random random) {
        CrashingFiles after = new CrashingFiles();
        Map<Node, Node> copies = after.begin(this);
        calls.subList(0, count).forEach(call -> after.apply(call, copies));
        if (count < calls.size() && calls.get(count) instanceof Call.Write(Node node, long offset, ByteBuffer bytes)) {
            ByteBuffer part = bytes.slice(0, random.nextInt(bytes.capacity() + 1));
            after.apply(new Call.Write(node, offset, part), copies);
        }
        after.remember();
        return after;
    }

    /** The files after the power went during the call after {@code count}: of what was not made durable anything may be there, sector by sector. */
    CrashingFiles afterPowerCut(int count, Random random) {
        CrashingFiles after = new CrashingFiles();
        Map<Node, Node> copies = after.begin(this);
        Map<Node, List<Call.Write>> pending = new HashMap<>();
        List<Call> pendingNames = new ArrayList<>();
        for (int i = 0; i <= count && i < calls.size(); i++) {
            Call call = calls.get(i);
            boolean complete = i < count;
            switch (call) {
                case Call.Write write ->
                    pending.computeIfAbsent(write.node, _ -> new ArrayList<>()).add(write);
                case Call.Sync(Node node) -> {
                    if (complete) {
                        pending.getOrDefault(node, List.of()).forEach(write -> after.apply(write, copies));
                        pending.remove(node);
                    }
                }
                case Call.SyncDirectory _ -> {
                    if (complete) {
                        pendingNames.forEach(name -> after.apply(name, copies));
                        pendingNames.clear();
                    }
                }
                case Call.Create _, Call.Replace _, Call.Delete _ -> pendingNames.add(call);
            }
        }
        // Names change in order, content in any.
        pendingNames.subList(0, random.nextInt(pendingNames.size() + 1)).forEach(name -> after.apply(name, copies));
        boolean early = random.nextBoolean();
        pending.values().stream().flatMap(List::stream).forEach(write -> after.tear(write, copies, random, early));
        after.remember();
        return after;
    }

    /** Begins as the other began; returns which file of its is which of ours. */
    private Map<Node, Node> begin(CrashingFiles other) {
        Map<Node, Node> copies = new HashMap<>();
        other.before.forEach((path, was) -> {
            Node copy = new Node();
            copy.content = was.content.clone();
            names.put(path, copy);
            copies.put(was.origin, copy);
        });
        return copies;
    }

    private void remember() {
        names.forEach((path, node) -> {
            Node copy = new Node();
            copy.content = node.content.clone();
            copy.origin = node;
            before.put(path, copy);
        });
    }

    private void tear(Call.Write write, Map<Node, Node> copies, Random random, boolean mostly) {
        for (int at = 0; at < write.bytes.capacity(); at += SECTOR) {
            if (random.nextInt(8) < (mostly ? 7 : 3)) {
                ByteBuffer sector = write.bytes.slice(at, Math.min(SECTOR, write.bytes.capacity() - at));
                apply(new Call.Write(write.node, write.offset + at, sector), copies);
            }
        }
    }

    private void apply(Call call, Map<Node, Node> copies) {
        switch (call) {
            case Call.Create(Path path, Node node) -> names.put(path, copies.computeIfAbsent(node, _ -> new Node()));
            case Call.Write(Node node, long offset, ByteBuffer bytes) ->
                put(copies.computeIfAbsent(node, _ -> new Node()), offset, bytes);
            case Call.Replace(Path from, Path to) -> {
                Node node = names.remove(from);
                if (node != null) {
                    names.put(to, node);
                }
            }
            case Call.Delete(Path path) -> names.remove(path);
            case Call.Sync _, Call.SyncDirectory _ -> {
                // Whoever asks what is durable looks at these.
            }
        }
    }

    private static void put(Node node, long offset, ByteBuffer bytes) {
        if (bytes.capacity() == 0) {
            return;
        }
        int end = Math.toIntExact(offset + bytes.capacity());
        if (node.content.length < end) {
            node.content = Arrays.copyOf(node.content, end);
        }
        bytes.get(0, node.content, (int) offset, bytes.capacity());
    }

    private void run(Call call) {
        calls.add(call);
        switch (call) {
            case Call.Create(Path path, Node node) -> names.put(path, node);
            case Call.Write(Node node, long offset, ByteBuffer bytes) -> put(node, offset, bytes);
            case Call.Replace(Path from, Path to) -> names.put(to, names.remove(from));
            case Call.Delete(Path path) -> names.remove(path);
            case Call.Sync _, Call.SyncDirectory _ -> {
                // Everything is there anyway.
            }
        }
    }

    @Override
    public void createDirectory(Path directory) {
        // Directories are there.
    }

    @Override
    public boolean exists(Path file) {
        return names.containsKey(file);
    }

    @Override
    public OpenFile create(Path file) throws IOException {
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Node node = new Node();
        run(new Call.Create(file, node));
        return new Opened(node);
    }

    @Override
    public OpenFile open(Path file) throws IOException {
        Node node = names.get(file);
        if (node == null) {
            throw new NoSuchFileException(file.toString());
        }
        return new Opened(node);
    }

    @Override
    public void replace(Path file, Path name) {
        run(new Call.Replace(file, name));
    }

    @Override
    public void delete(Path file) {
        if (names.containsKey(file)) {
            run(new Call.Delete(file));
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        failIf(nextSyncFails);
        run(new Call.SyncDirectory());
    }

    @Override
    public long usableBytes(Path directory) {
        return Long.MAX_VALUE;
    }

    private static void failIf(@Nullable IOException failure) throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private final class Opened implements OpenFile {

        private final Node node;

        Opened(Node node) {
            this.node = node;
        }

        @Override
        public boolean tryLock() {
            return true;
        }

        @Override
        public long size() {
            return node.content.length;
        }

        @Override
        public void read(ByteBuffer target, long offset) {
            int available = (int) Math.max(0, Math.min(target.remaining(), node.content.length - offset));
            if (available > 0) {
                target.put(node.content, (int) offset, available);
            }
        }

        @Override
        public void write(ByteBuffer content, long offset) throws IOException {
            ByteBuffer bytes =
                    ByteBuffer.allocate(content.remaining()).put(content).flip();
            long growth = Math.max(0, offset + bytes.capacity() - node.content.length);
            IOException failure = growth > room ? new IOException("No space left on device") : nextWriteFails;
            nextWriteFails = null;
            if (failure != null) {
                run(new Call.Write(node, offset, bytes.slice(0, bytes.capacity() / 2)));
                throw failure;
            }
            room -= room == Long.MAX_VALUE ? 0 : growth;
            run(new Call.Write(node, offset, bytes));
        }

        @Override
        public void sync() throws IOException {
            IOException failure = nextSyncFails;
            nextSyncFails = null;
            failIf(failure);
            run(new Call.Sync(node));
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
