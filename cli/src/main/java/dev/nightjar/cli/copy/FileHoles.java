package dev.nightjar.cli.copy;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where a file has data and holes, by lseek(2): Java's own file channels do not tell. One descriptor of its own; not thread-safe.
 */
final class FileHoles implements AutoCloseable {

    private static final int READ_ONLY = 0;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    /** There is no more data; the rest is a hole. */
    private static final int ENXIO = 6;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle LSEEK = function(
            "lseek",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final Path file;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(STATE);
    private final int descriptor;

    private FileHoles(Path file) {
        this.file = file;
        try {
            descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(file.toString()), READ_ONLY | CLOSE_ON_EXEC);
        } catch (Throwable e) {
            throw new LinkageError("open", e);
        }
        if (descriptor < 0) {
            int errno = errno();
            arena.close();
            throw failed(errno);
        }
    }

    static FileHoles open(Path file) {
        return new FileHoles(file);
    }

    @SuppressWarnings("restricted") // native access is what this class is for; the launcher allows it
    private static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
    }

    /** The first byte of data from here on, or the end if there is none. */
    long nextData(long from, long end) {
        return seek(from, SEEK_DATA, end);
    }

    /** The first byte of a hole from here on; the end of a file counts as one. */
    long nextHole(long from, long end) {
        return seek(from, SEEK_HOLE, end);
    }

    private long seek(long from, int whence, long end) {
        long found;
        try {
            found = (long) LSEEK.invokeExact(state, descriptor, from, whence);
        } catch (Throwable e) {
            throw new LinkageError("lseek", e);
        }
        if (found >= 0) {
            return found;
        }
        int errno = errno();
        if (errno == ENXIO) {
            return end;
        }
        throw failed(errno);
    }

    private int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    private CommandFailure failed(int errno) {
        return new CommandFailure(
                CommandErrorCode.FILE_ERROR,
                "cannot ask for the holes of %s: errno %d".formatted(file, errno),
                "Copy with --no-extents, which reads everything.");
    }

    @Override
    public void close() {
        try {
            int _ = (int) CLOSE.invokeExact(state, descriptor);
        } catch (Throwable e) {
            throw new LinkageError("close", e);
        } finally {
            arena.close();
        }
    }
}
