package dev.nightjar.storage.overlay;

import java.nio.ByteBuffer;

/** Reads overlays as whoever serves them does. */
final class OverlayReads {

    private OverlayReads() {}

    static BaseDisk base(byte[] bytes) {
        return (offset, target) -> target.put(bytes, (int) offset, target.remaining());
    }

    static byte[] all(Overlay overlay, byte[] base) {
        return part(overlay, base, 0, (int) overlay.size());
    }

    static byte[] part(Overlay overlay, byte[] base, int offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        overlay.read(offset, length, new OverlayReader() {
            @Override
            public void base(long from, long count) {
                bytes.put(base, (int) from, (int) count);
            }

            @Override
            public void zeros(long count) {
                bytes.position(bytes.position() + (int) count);
            }

            @Override
            public ByteBuffer data(int count) {
                ByteBuffer target = bytes.slice(bytes.position(), count);
                bytes.position(bytes.position() + count);
                return target;
            }
        });
        return bytes.array();
    }
}
