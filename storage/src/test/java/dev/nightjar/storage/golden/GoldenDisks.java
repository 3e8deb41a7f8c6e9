package dev.nightjar.storage.golden;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the disks of the golden repositories hold, by formula and without any of the storage's code. A machine has two disks and was backed up three times, on three days of January 2026.
 *
 * <p>{@code vda}: 20 MiB and 1234 bytes, almost all zero, so that its map has three levels. {@code vdb}: 409,600 bytes and 777, two levels, a short last chunk with content, and from the second day on
 * a range that could not be read.
 */
final class GoldenDisks {

    static final int CHUNK = 4096;
    static final int STEPS = 3;
    static final String PASSPHRASE = "golden, and kept for ever";
    static final List<String> NAMES = List.of("vda", "vdb");

    /** What could not be read of vdb on the second day; the third day read it again. */
    static final int DAMAGED_OFFSET = 8 * CHUNK;

    static final int DAMAGED_LENGTH = 2 * CHUNK;

    private GoldenDisks() {}

    /** When a step was taken. */
    static Instant instant(int step) {
        return Instant.parse("2026-01-0" + (step + 1) + "T03:00:00.000001Z");
    }

    static int size(String disk) {
        return disk.equals("vda") ? 20 * 1024 * 1024 + 1234 : 100 * CHUNK + 777;
    }

    /** A disk as it was at a step. */
    static byte[] bytes(String disk, int step) {
        byte[] bytes = new byte[size(disk)];
        for (int done = 0; done <= step; done++) {
            for (Write write : writes(disk, done)) {
                write.to(bytes);
            }
        }
        return bytes;
    }

    /** What happened to a disk before a step, in this order. */
    static List<Write> writes(String disk, int step) {
        List<Write> writes = new ArrayList<>();
        switch (disk + step) {
            case "vda0" -> {
                // Neighbours that compress: one frame. Scattered noise: a frame each. Equal chunks: stored once.
                writes.add(new Write(0, 24 * CHUNK, Kind.TEXT, 1));
                for (int i = 0; i < 5; i++) {
                    writes.add(new Write((100 + 777 * i) * CHUNK, CHUNK, Kind.NOISE, i));
                }
                writes.add(new Write(300 * CHUNK, CHUNK, Kind.NOISE, 3));
                writes.add(new Write(5120 * CHUNK, 1234, Kind.NOISE, 99));
            }
            case "vda1" -> {
                writes.add(new Write(4 * CHUNK + 100, 3 * CHUNK, Kind.NOISE, 20));
                writes.add(new Write(877 * CHUNK, CHUNK, Kind.ZERO, 0));
                writes.add(new Write(4000 * CHUNK, 2 * CHUNK, Kind.TEXT, 21));
            }
            case "vda2" -> writes.add(new Write(5000 * CHUNK, CHUNK, Kind.NOISE, 2));
            case "vdb0" -> {
                writes.add(new Write(0, 40 * CHUNK, Kind.TEXT, 30));
                writes.add(new Write(90 * CHUNK, 10 * CHUNK + 777, Kind.TEXT, 31));
                writes.add(new Write(60 * CHUNK, CHUNK, Kind.NOISE, 1));
            }
            // It reads as zeros where it could not be read.
            case "vdb1" -> writes.add(new Write(DAMAGED_OFFSET, DAMAGED_LENGTH, Kind.ZERO, 0));
            default -> {
                writes.add(new Write(DAMAGED_OFFSET, DAMAGED_LENGTH, Kind.TEXT, 40));
                writes.add(new Write(95 * CHUNK, 5 * CHUNK + 777, Kind.ZERO, 0));
            }
        }
        return writes;
    }

    /** What is written. */
    enum Kind {
        /** Zeros. */
        ZERO,
        /** Letters: byte <i>i</i> is {@code 'a' + (i * i / 64 + seed) % 23}. */
        TEXT,
        /** Hashes: bytes 32 <i>i</i> to 32 <i>i</i> + 31 are SHA-256({@code "golden SEED I"}). */
        NOISE
    }

    /** One write. */
    record Write(int offset, int length, Kind kind, int seed) {

        void to(byte[] disk) {
            byte[] content = new byte[length];
            switch (kind) {
                case ZERO -> Arrays.fill(content, (byte) 0);
                case TEXT -> {
                    for (long i = 0; i < length; i++) {
                        content[(int) i] = (byte) ('a' + (i * i / 64 + seed) % 23);
                    }
                }
                case NOISE -> noise(content);
            }
            System.arraycopy(content, 0, disk, offset, length);
        }

        private void noise(byte[] content) {
            ByteBuffer target = ByteBuffer.wrap(content);
            for (int i = 0; target.hasRemaining(); i++) {
                byte[] hash = sha256("golden " + seed + " " + i);
                target.put(hash, 0, Math.min(hash.length, target.remaining()));
            }
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
