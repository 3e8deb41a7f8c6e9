package dev.nightjar.storage.overlay;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a guest may find on its disk, byte by byte: what was there when the last flush returned, and everything that was put there since. Also remembers what it must find if nothing
 * but the process dies.
 */
final class GuestDisk {

    final byte[] base;
    private final byte[] now;
    private final List<List<Byte>> possible = new ArrayList<>();

    GuestDisk(byte[] base) {
        this.base = base;
        now = base.clone();
        for (byte each : base) {
            possible.add(new ArrayList<>(List.of(each)));
        }
    }

    GuestDisk copy() {
        GuestDisk copy = new GuestDisk(base);
        System.arraycopy(now, 0, copy.now, 0, now.length);
        for (int i = 0; i < now.length; i++) {
            copy.possible.set(i, new ArrayList<>(possible.get(i)));
        }
        return copy;
    }

    byte[] now() {
        return now;
    }

    void put(int offset, byte[] bytes) {
        System.arraycopy(bytes, 0, now, offset, bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            possible.get(offset + i).add(bytes[i]);
        }
    }

    void flushed() {
        for (int i = 0; i < now.length; i++) {
            List<Byte> values = possible.get(i);
            values.clear();
            values.add(now[i]);
        }
    }

    private static byte[] array(ByteBuffer bytes) {
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return array;
    }

    boolean mayRead(int offset, byte value) {
        return possible.get(offset).contains(value);
    }

    /** One thing that a guest does. */
    sealed interface Operation {
        record Write(int offset, ByteBuffer bytes) implements Operation {}

        record Zero(int offset, int length) implements Operation {}

        record Trim(int offset, int length) implements Operation {}

        record Flush() implements Operation {}

        default void on(Overlay overlay) {
            switch (this) {
                case Write(int offset, ByteBuffer bytes) -> overlay.write(offset, bytes);
                case Zero(int offset, int length) -> overlay.zero(offset, length);
                case Trim(int offset, int length) -> overlay.trim(offset, length);
                case Flush() -> overlay.flush();
            }
        }
    }

    /** Does to this disk what the operation does to an overlay with blocks of this size. */
    void apply(Operation operation, int block) {
        switch (operation) {
            case Operation.Write(int offset, ByteBuffer bytes) -> put(offset, array(bytes));
            case Operation.Zero(int offset, int length) -> put(offset, new byte[length]);
            case Operation.Trim(int offset, int length) -> {
                int from = Math.ceilDiv(offset, block) * block;
                int to = offset + length == now.length ? now.length : (offset + length) / block * block;
                if (from < to) {
                    put(from, new byte[to - from]);
                }
            }
            case Operation.Flush() -> flushed();
        }
    }

    static Operation random(Random random, int size) {
        int offset = random.nextInt(size);
        int most = random.nextInt(4) == 0 ? size - offset : Math.min(size - offset, 200);
        int length = random.nextInt(most) + 1;
        if (random.nextInt(6) == 0) {
            // To the very end, as file systems do.
            length = size - offset;
        }
        return switch (random.nextInt(8)) {
            case 0 -> new Operation.Zero(offset, length);
            case 1 -> new Operation.Trim(offset, length);
            case 2 -> new Operation.Flush();
            default -> {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                yield new Operation.Write(offset, ByteBuffer.wrap(bytes));
            }
        };
    }
}
