package dev.nightjar.nbd.server.export;

import dev.nightjar.nbd.protocol.Errno;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk that can be served. Thread-safe: methods block and are called on virtual threads, several at once, except for
 * {@link #readNow}. Offsets and lengths are bytes, lengths are more than 0, and ranges lie within the disk: the server has checked
 * them. A failure is a {@link ServedDiskException}; anything else that is thrown reaches the client as EIO.
 */
public interface ServedDisk extends AutoCloseable {

    /** The metadata context that every disk has: bit 0 hole, bit 1 reads as zeros. */
    String BASE_ALLOCATION = "base:allocation";

    /** In bytes; never changes while the disk is open. */
    long sizeBytes();

    /** Whether the methods that change it may be called. */
    boolean writable();

    /**
     * Reads a range: pieces back to back that cover exactly the range. The caller releases the buffers of data; they may be
     * slices of cached memory, and must not change any more.
     */
    List<Piece> read(long offset, int length);

    /**
     * The same if it can be answered at once, from memory: called on an event loop, which must never block.
     *
     * @return null if {@link #read} has to be asked; nothing is held then
     */
    default @Nullable List<Piece> readNow(long offset, int length) {
        return null;
    }

    /** Names of the metadata contexts beside {@code base:allocation}, for example {@code qemu:dirty-bitmap:since-monday}. */
    default List<String> contexts() {
        return List.of();
    }

    /**
     * Status of one context from the offset on: calls the sink with consecutive extents until it returns false or the range ends.
     * The last extent may run past the range's end, if it is true there; neighbours of equal status may repeat.
     *
     * @param context {@code base:allocation} or one of {@link #contexts()}
     */
    void status(String context, long offset, long length, StatusSink sink);

    /** Writes the buffer's readable bytes, which the caller keeps and releases afterwards. Later reads see them. */
    default void write(long offset, ByteBuf data) {
        throw readOnly();
    }

    /**
     * Makes a range read as zeros.
     *
     * @param mayTrim whether its space may be given back
     */
    default void writeZeroes(long offset, long length, boolean mayTrim) {
        throw readOnly();
    }

    /** Whether {@link #writeZeroes} never costs more than writing a note; else FAST_ZERO is answered with ENOTSUP. */
    default boolean fastZeroes() {
        return false;
    }

    /** The range's content does not matter any more; what it reads as afterwards is the disk's choice. */
    default void trim(long offset, long length) {
        throw readOnly();
    }

    /** Everything that was answered before is on stable storage when it returns. With FUA, it follows the operation. */
    default void flush() {}

    /** Called once, after the last request has returned. What {@link #flush} did not cover need not survive. */
    @Override
    void close();

    private static ServedDiskException readOnly() {
        return new ServedDiskException(Errno.EPERM, "this export is read-only");
    }

    /** A part of what was read. */
    sealed interface Piece {

        /** In bytes, more than 0. */
        int length();

        /** The readable bytes of a buffer that now belongs to the receiver. */
        record Data(ByteBuf bytes) implements Piece {
            @Override
            public int length() {
                return bytes.readableBytes();
            }
        }

        /** So many zeros. */
        record Zeros(int length) implements Piece {}
    }

    /** Takes extents in order. */
    @FunctionalInterface
    interface StatusSink {

        /**
         * The next extent.
         *
         * @param length in bytes, more than 0
         * @param status the context's bits
         * @return false if it was enough
         */
        boolean extent(long length, long status);
    }
}
