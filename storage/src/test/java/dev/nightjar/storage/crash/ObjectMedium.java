package dev.nightjar.storage.crash;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.LossPolicy;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.blob.PendingBlob;
import dev.nightjar.storage.blob.StoredBlob;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An object store: a put or a delete takes place as a whole, at some time between its request and its answer, and is durable when the answer comes. A request whose
 * answer never came may have taken place. Parts of an upload that was not finished are no object. Thread-safe.
 */
final class ObjectMedium implements Medium {

    private final MemoryBlobStore objects = new MemoryBlobStore();
    private final List<Step> steps = new ArrayList<>();
    private final Consumer<String> listener;
    private int requests;
    private int dieAfter = Integer.MAX_VALUE;

    /** A request goes out, or its answer comes in. */
    private sealed interface Step {
        /** No content is a delete. */
        record Request(int number, String name, @Nullable ByteBuffer content) implements Step {}

        record Answer(int number) implements Step {}
    }

    ObjectMedium(Consumer<String> listener) {
        this.listener = listener;
    }

    @Override
    public BlobStore create() {
        return new Recorded();
    }

    @Override
    public BlobStore open() {
        return new Recorded();
    }

    @Override
    public synchronized void dieAfter(int operations) {
        dieAfter = operations;
    }

    @Override
    public synchronized boolean isDead() {
        return steps.size() >= dieAfter;
    }

    @Override
    public synchronized int operations() {
        return steps.size();
    }

    @Override
    public Set<LossPolicy> policies() {
        return EnumSet.of(LossPolicy.NOTHING, LossPolicy.EVERYTHING, LossPolicy.ANYTHING);
    }

    @Override
    public synchronized Replay replay() {
        return new ObjectReplay(List.copyOf(steps));
    }

    private synchronized int request(String name, byte @Nullable [] content) {
        requireAlive();
        steps.add(new Step.Request(++requests, name, content == null ? null : ByteBuffer.wrap(content)));
        listener.accept("request " + (content == null ? "delete " : "put ") + name);
        return requests;
    }

    private synchronized void answer(int request) {
        requireAlive();
        steps.add(new Step.Answer(request));
        listener.accept("answer " + request);
    }

    private void requireAlive() {
        if (isDead()) {
            throw new StorageException(StorageErrorCode.REPOSITORY_IO_ERROR, "killed", "It is a test.");
        }
    }

    private static final class ObjectReplay implements Replay {

        private final List<Step> steps;
        private final SortedMap<String, byte[]> answered = new TreeMap<>();
        private final Map<Integer, Step.Request> open = new LinkedHashMap<>();
        private final IdentityHashMap<ByteBuffer, byte[]> contents = new IdentityHashMap<>();
        private final IdentityHashMap<byte[], String> hashes = new IdentityHashMap<>();
        private int done;

        ObjectReplay(List<Step> steps) {
            this.steps = steps;
        }

        @Override
        public void advance(int operations) {
            while (done < operations) {
                switch (steps.get(done++)) {
                    case Step.Request request -> open.put(request.number(), request);
                    case Step.Answer answer -> happen(answered, open.remove(answer.number()));
                }
            }
        }

        @Override
        public Wreck crash(LossPolicy policy, Random random) {
            SortedMap<String, byte[]> left = new TreeMap<>(answered);
            for (Step.Request request : open.values()) {
                if (policy == LossPolicy.NOTHING || (policy == LossPolicy.ANYTHING && random.nextBoolean())) {
                    happen(left, request);
                }
            }
            StringBuilder text = new StringBuilder();
            left.forEach((name, content) -> text.append(name)
                    .append('=')
                    .append(hashes.computeIfAbsent(content, Sha256::hex))
                    .append('\n'));
            return new ObjectWreck(left, Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8)));
        }

        private void happen(Map<String, byte[]> objects, Step.Request request) {
            ByteBuffer content = request.content();
            if (content == null) {
                objects.remove(request.name());
            } else {
                objects.computeIfAbsent(request.name(), _ -> bytes(content));
            }
        }

        /** The same array for the same request, so that it is hashed once. */
        private byte[] bytes(ByteBuffer content) {
            return contents.computeIfAbsent(content, _ -> {
                byte[] bytes = new byte[content.remaining()];
                content.duplicate().get(bytes);
                return bytes;
            });
        }
    }

    private record ObjectWreck(SortedMap<String, byte[]> objects, String fingerprint) implements Wreck {

        @Override
        public BlobStore open(Path scratch) {
            MemoryBlobStore store = new MemoryBlobStore();
            new HashMap<>(objects).forEach((name, content) -> store.putIfAbsent(name, ByteBuffer.wrap(content)));
            return store;
        }
    }

    private final class Recorded implements BlobStore {

        @Override
        public String location() {
            return "simulated objects";
        }

        @Override
        public boolean putIfAbsent(String name, ByteBuffer content) {
            byte[] bytes = new byte[content.remaining()];
            content.duplicate().get(bytes);
            int request = request(name, bytes);
            boolean created = objects.putIfAbsent(name, ByteBuffer.wrap(bytes));
            answer(request);
            return created;
        }

        @Override
        public PendingBlob create() {
            PendingBlob blob = objects.create();
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            return new PendingBlob() {
                @Override
                public void write(ByteBuffer piece) {
                    byte[] bytes = new byte[piece.remaining()];
                    piece.duplicate().get(bytes);
                    content.writeBytes(bytes);
                    blob.write(piece);
                }

                @Override
                public long bytes() {
                    return blob.bytes();
                }

                @Override
                public StoredBlob commit(String name) {
                    int request = request(name, content.toByteArray());
                    StoredBlob stored = blob.commit(name);
                    answer(request);
                    return stored;
                }

                @Override
                public void abort() {
                    blob.abort();
                }
            };
        }

        @Override
        public ByteBuffer read(String name, long offset, int length) {
            return objects.read(name, offset, length);
        }

        @Override
        public long size(String name) {
            return objects.size(name);
        }

        @Override
        public boolean exists(String name) {
            return objects.exists(name);
        }

        @Override
        public Stream<BlobInfo> list(String prefix) {
            return objects.list(prefix);
        }

        @Override
        public boolean move(String name, String to) {
            if (objects.exists(to)) {
                return objects.move(name, to);
            }
            byte[] content = objects.get(name);
            int put = request(to, content);
            objects.putIfAbsent(to, ByteBuffer.wrap(content));
            answer(put);
            delete(name);
            return true;
        }

        @Override
        public void delete(String name) {
            int request = request(name, null);
            objects.delete(name);
            answer(request);
        }
    }
}
