package dev.nightjar.demo;

import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo works, and what has to be ended when it is over: newest first, once, whether the demo ends by itself or by a signal.
 * Sockets lie in a directory of their own with a short path. Thread-safe.
 */
final class Workspace implements AutoCloseable {

    private final TempDirectory sockets = TempDirectory.create();
    private final @Nullable TempDirectory temporary;
    private final Path root;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean closed;

    private Workspace(@Nullable TempDirectory temporary, Path root) {
        this.temporary = temporary;
        this.root = root;
    }

    /** In the directory given, which stays; without one in a temporary directory. */
    static Workspace create(@Nullable Path keep) {
        if (keep == null) {
            TempDirectory temporary = TempDirectory.create();
            return new Workspace(temporary, temporary.path());
        }
        return new Workspace(null, keep.toAbsolutePath().normalize());
    }

    Path sockets() {
        return sockets.path();
    }

    /** A directory of the workspace, created if it is not there. */
    Path directory(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + root.resolve(name), e);
        }
    }

    Path root() {
        return root;
    }

    /** Closes it with the workspace; at once if the workspace is closed already. */
    <T extends AutoCloseable> T using(T resource) {
        synchronized (this) {
            if (!closed) {
                open.push(resource);
                return resource;
            }
        }
        closeQuietly(resource);
        throw new IllegalStateException("the demo is ending");
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!open.isEmpty()) {
            closeQuietly(open.pop());
        }
        closeQuietly(sockets);
        if (temporary != null) {
            closeQuietly(temporary);
        }
    }

    /** One thing that cannot be ended must not keep the others. */
    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            System.err.println("while cleaning up: " + e);
        }
    }
}
