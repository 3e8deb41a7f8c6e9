package dev.nightjar.testkit;

import java.nio.file.Path;

/** One thing a guest does to its disk; bytes. Plain data, so that the same can be done to a live disk and to a witness. */
public sealed interface GuestWrite {

    /** qcow2 forgets whole clusters only, so a discard that is to read as zeros everywhere is made of whole ones. */
    long CLUSTER = 65_536;

    long offset();

    long length();

    /** Random bytes made from the seed. */
    record Overwrite(long offset, long length, long seed) implements GuestWrite {
        public Overwrite {
            checkRange(offset, length);
        }
    }

    /** The content of a file, as when a guest copies one. */
    record CopyIn(long offset, long length, Path file) implements GuestWrite {
        public CopyIn {
            checkRange(offset, length);
        }
    }

    /** The same byte all over. */
    record Fill(long offset, long length, int value) implements GuestWrite {
        public Fill {
            checkRange(offset, length);
            if (value < 0 || value > 255) {
                throw new IllegalArgumentException("not a byte: " + value);
            }
        }
    }

    /** TRIM of whole clusters, which read as zeros afterwards. */
    record Discard(long offset, long length) implements GuestWrite {
        public Discard {
            checkRange(offset, length);
            if (offset % CLUSTER != 0 || length % CLUSTER != 0) {
                throw new IllegalArgumentException("a discard has to be of whole clusters: " + offset + "+" + length);
            }
        }
    }

    /** WRITE ZEROES, keeping the space. */
    record WriteZeroes(long offset, long length) implements GuestWrite {
        public WriteZeroes {
            checkRange(offset, length);
        }
    }

    private static void checkRange(long offset, long length) {
        if (offset < 0 || length <= 0 || offset % 512 != 0 || length % 512 != 0) {
            throw new IllegalArgumentException("not a range of whole sectors: " + offset + "+" + length);
        }
    }
}
