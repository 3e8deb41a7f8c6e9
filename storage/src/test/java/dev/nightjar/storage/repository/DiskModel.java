package dev.nightjar.storage.repository;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/** What a disk should be: its bytes, and which of its chunks were touched since the last capture. */
public final class DiskModel {

    public final int chunkBytes;
    public final BitSet dirty = new BitSet();
    public byte[] bytes;

    public DiskModel(int size, int chunkBytes) {
        this.bytes = new byte[size];
        this.chunkBytes = chunkBytes;
    }

    public int chunks() {
        return Math.ceilDiv(bytes.length, chunkBytes);
    }

    public int end(int chunk) {
        return Math.min(bytes.length, (chunk + 1) * chunkBytes);
    }

    public boolean isZero(int chunk) {
        for (int i = chunk * chunkBytes; i < end(chunk); i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    public void write(int offset, byte[] content) {
        int length = Math.min(content.length, bytes.length - offset);
        System.arraycopy(content, 0, bytes, offset, length);
        touch(offset, length);
    }

    public void zero(int offset, int length) {
        int end = Math.min(bytes.length, offset + length);
        Arrays.fill(bytes, offset, end, (byte) 0);
        touch(offset, end - offset);
    }

    /** A few writes of incompressible, compressible and repeated content, and some zeros. */
    public void scribble(Random random, int operations) {
        for (int i = 0; i < operations; i++) {
            int offset = random.nextInt(bytes.length);
            int length = 1 + random.nextInt(chunkBytes * (random.nextInt(4) == 0 ? 40 : 3));
            switch (random.nextInt(4)) {
                case 0 -> {
                    byte[] noise = new byte[length];
                    random.nextBytes(noise);
                    write(offset, noise);
                }
                case 1 -> {
                    byte[] text = new byte[length];
                    for (int k = 0; k < length; k++) {
                        text[k] = (byte) ('a' + random.nextInt(3));
                    }
                    write(offset, text);
                }
                case 2 -> {
                    // Whole chunks that other disks and other runs have as well.
                    byte[] common = new byte[chunkBytes];
                    new Random(random.nextInt(8)).nextBytes(common);
                    write(offset / chunkBytes * chunkBytes, common);
                }
                default -> zero(offset, length);
            }
        }
    }

    /** Dirty is what differs from these bytes, and nothing else. */
    void markDifferencesFrom(byte[] other) {
        for (int chunk = 0; chunk < chunks(); chunk++) {
            int from = chunk * chunkBytes;
            dirty.set(chunk, Arrays.mismatch(bytes, from, end(chunk), other, from, end(chunk)) >= 0);
        }
    }

    private void touch(int offset, int length) {
        if (length > 0) {
            dirty.set(offset / chunkBytes, (offset + length - 1) / chunkBytes + 1);
        }
    }
}
