package dev.nightjar.storage.blob;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file system after some operations: what is in it, and which of that is durable. Used by one thread. */
final class FileSystemModel {

    private static final int DIRECTORY = -1;

    /** By directory, by name: what the name stood for since the directory was synced, oldest first; the number of a file, {@link #DIRECTORY}, or null for nothing. */
    private final Map<String, Map<String, List<@Nullable Integer>>> directories = new HashMap<>();

    private final Map<Integer, Content> files = new HashMap<>();

    private static final class Content {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private byte @Nullable [] copy;
        private int durable;
        private int lastWrite;

        void append(byte[] content) {
            lastWrite = bytes.size();
            bytes.writeBytes(content);
            copy = null;
        }

        byte[] all() {
            byte[] all = copy == null ? bytes.toByteArray() : copy;
            copy = all;
            return all;
        }
    }

    FileSystemModel() {
        directories.put("", new HashMap<>());
    }

    /** Does another operation. */
    void apply(FileOperation operation) {
        switch (operation) {
            case FileOperation.MakeDirectory made -> {
                directories.putIfAbsent(made.path(), new HashMap<>());
                name(made.path()).add(DIRECTORY);
            }
            case FileOperation.CreateFile created -> {
                files.put(created.file(), new Content());
                name(created.path()).add(created.file());
            }
            case FileOperation.Append append ->
                file(append.file()).append(append.content().array());
            case FileOperation.SyncFile synced -> {
                Content content = file(synced.file());
                content.durable = content.bytes.size();
            }
            case FileOperation.Link link -> name(link.path()).add(link.file());
            case FileOperation.Remove removed -> name(removed.path()).add(null);
            case FileOperation.SyncDirectory synced ->
                names(synced.path())
                        .values()
                        .forEach(history ->
                                history.subList(0, history.size() - 1).clear());
        }
    }

    /** The files that are there after a crash, by their paths; directories end with a slash and have no bytes. */
    SortedMap<String, byte[]> crash(LossPolicy policy, Random random) {
        SortedMap<String, byte[]> found = new TreeMap<>();
        Map<Integer, byte[]> contents = new HashMap<>();
        walk("", policy, random, found, contents);
        return found;
    }

    private void walk(
            String directory,
            LossPolicy policy,
            Random random,
            SortedMap<String, byte[]> found,
            Map<Integer, byte[]> contents) {
        new TreeMap<>(names(directory)).forEach((name, history) -> {
            Integer thing = policy.survivor(history, random);
            String path = directory.isEmpty() ? name : directory + "/" + name;
            if (thing == null) {
                return;
            }
            if (thing == DIRECTORY) {
                found.put(path + "/", new byte[0]);
                walk(path, policy, random, found, contents);
            } else {
                // A file of two names has the same bytes under both.
                found.put(path, contents.computeIfAbsent(thing, file -> content(file, policy, random)));
            }
        });
    }

    private byte[] content(int number, LossPolicy policy, Random random) {
        Content content = file(number);
        byte[] written = content.all();
        return content.durable == written.length
                ? written
                : policy.content(written, content.durable, content.lastWrite, random);
    }

    private Content file(int number) {
        Content content = files.get(number);
        if (content == null) {
            throw new IllegalStateException("no file " + number);
        }
        return content;
    }

    private Map<String, List<@Nullable Integer>> names(String directory) {
        Map<String, List<@Nullable Integer>> names = directories.get(directory);
        if (names == null) {
            throw new IllegalStateException("no directory " + directory);
        }
        return names;
    }

    private List<@Nullable Integer> name(String path) {
        int slash = path.lastIndexOf('/');
        return names(path.substring(0, Math.max(0, slash))).computeIfAbsent(path.substring(slash + 1), _ -> {
            List<@Nullable Integer> history = new ArrayList<>();
            history.add(null);
            return history;
        });
    }
}
