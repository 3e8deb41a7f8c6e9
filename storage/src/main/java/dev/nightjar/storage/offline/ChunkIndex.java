package dev.nightjar.storage.offline;

import dev.nightjar.storage.catalog.ChunkLocation;
import dev.nightjar.storage.chunk.ChunkId;
import it.unimi.dsi.fastutil.longs.LongArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the chunks of a whole repository lie, every copy of each, and what was found out about them. First chunks are added, by any threads; then it is sorted; then it can be asked, by any
 * threads.
 *
 * <p>Two sorted arrays of longs in 256 parts, in memory: 16 bytes a chunk, so 20 million chunks (1.2 TiB of distinct content in chunks of 64 KiB) take 320 MB, a quarter more for a moment
 * while they grow; counting uses takes 4 bytes more a chunk. A hash table would take twice as much, and a file would be slower to make than the pack directories are read. A chunk is known by the first
 * 64 bits of its keyed id: that a missing one is taken for another that is there is as likely as 1 to 10^12 with 20 million of them, and whoever reads content compares whole ids.
 */
final class ChunkIndex {

    private static final int PARTS = 256;
    private static final int PART_SHIFT = 56;
    private static final int FIRST_CAPACITY = 64;

    private static final int PLACE_BITS = 4;
    private static final int FRAME_BITS = 16;
    private static final int PACK_SHIFT = PLACE_BITS + FRAME_BITS;
    private static final long DAMAGED = 1L << 62;
    private static final long WHOLE = 1L << 61;
    private static final long LOCATION = WHOLE - 1;

    private final Part[] parts = new Part[PARTS];

    ChunkIndex() {
        Arrays.setAll(parts, _ -> new Part());
    }

    void add(ChunkId id, ChunkLocation location) {
        part(id.a()).add(id.a(), encode(location));
    }

    /** Makes everything that was added known. */
    void sort() {
        Arrays.stream(parts).parallel().forEach(Part::sort);
    }

    /** How many copies of chunks there are. */
    long size() {
        return Arrays.stream(parts).mapToLong(part -> part.size).sum();
    }

    /** Where the copies of a chunk lie, those that are not known to be damaged first. */
    List<ChunkLocation> locations(long key) {
        return part(key).locations(key);
    }

    /** Whether there is a copy that is not known to be damaged. */
    boolean isSound(ChunkId id) {
        return part(id.a()).isSound(id.a());
    }

    /** Whether there is any copy. */
    boolean isKnown(ChunkId id) {
        return part(id.a()).isKnown(id.a());
    }

    void markDamaged(ChunkId id, ChunkLocation location) {
        part(id.a()).markDamaged(id.a(), encode(location));
    }

    /** Notes that everything below a node was found to be whole. */
    void markWhole(ChunkId node) {
        part(node.a()).markWhole(node.a());
    }

    boolean isWhole(ChunkId node) {
        return part(node.a()).isWhole(node.a());
    }

    /** Forgets whose chunks are whose. */
    void clearUsers() {
        Arrays.stream(parts).forEach(Part::clearUsers);
    }

    /**
     * Notes that somebody uses a chunk.
     *
     * @param user 0 or more
     * @return whether that was not known: neither of this one, nor of several others already
     */
    boolean use(ChunkId id, int user) {
        return part(id.a()).use(id.a(), user);
    }

    /** Distrusts whatever lies in a pack. */
    void markPackDamaged(int pack) {
        Arrays.stream(parts).forEach(part -> part.markPackDamaged(pack));
    }

    /** Tells of every copy of every chunk: where it lies and who uses it. */
    void users(UserVisitor visitor) {
        for (Part part : parts) {
            part.users(visitor);
        }
    }

    /** Who uses a chunk. */
    @FunctionalInterface
    interface UserVisitor {

        /** Nobody. */
        int NOBODY = -1;

        /** More than one. */
        int SEVERAL = -2;

        /**
         * One copy.
         *
         * @param first whether no other copy of the chunk was told of before
         */
        void chunk(ChunkLocation location, int user, boolean first);
    }

    private Part part(long key) {
        return parts[(int) (key >>> PART_SHIFT)];
    }

    private static long encode(ChunkLocation location) {
        return (long) location.pack() << PACK_SHIFT | (long) location.frame() << PLACE_BITS | location.place();
    }

    private static ChunkLocation decode(long location) {
        return new ChunkLocation(
                (int) ((location & LOCATION) >>> PACK_SHIFT),
                (int) (location >>> PLACE_BITS) & (1 << FRAME_BITS) - 1,
                (int) location & (1 << PLACE_BITS) - 1);
    }

    /** The chunks whose ids begin with the same byte. */
    private static final class Part {

        private long[] keys = new long[FIRST_CAPACITY];
        private long[] locations = new long[FIRST_CAPACITY];
        private int[] users = new int[0];
        private int size;

        synchronized void add(long key, long location) {
            if (size == keys.length) {
                int capacity = size + Math.max(FIRST_CAPACITY, size >>> 2);
                keys = Arrays.copyOf(keys, capacity);
                locations = Arrays.copyOf(locations, capacity);
            }
            keys[size] = key;
            locations[size] = location;
            size++;
        }

        synchronized void sort() {
            keys = Arrays.copyOf(keys, size);
            locations = Arrays.copyOf(locations, size);
            users = new int[0];
            if (size > 0) {
                LongArrays.radixSort(keys, locations);
            }
        }

        synchronized List<ChunkLocation> locations(long key) {
            List<ChunkLocation> sound = new ArrayList<>(1);
            List<ChunkLocation> damaged = new ArrayList<>(0);
            for (int at = first(key); at >= 0 && at < size && keys[at] == key; at++) {
                (isDamaged(at) ? damaged : sound).add(decode(locations[at]));
            }
            sound.addAll(damaged);
            return sound;
        }

        synchronized boolean isSound(long key) {
            for (int at = first(key); at >= 0 && at < size && keys[at] == key; at++) {
                if (!isDamaged(at)) {
                    return true;
                }
            }
            return false;
        }

        synchronized boolean isKnown(long key) {
            return first(key) >= 0;
        }

        synchronized void markDamaged(long key, long location) {
            for (int at = first(key); at >= 0 && at < size && keys[at] == key; at++) {
                if ((locations[at] & LOCATION) == location) {
                    locations[at] |= DAMAGED;
                }
            }
        }

        synchronized void markPackDamaged(int pack) {
            for (int at = 0; at < size; at++) {
                if ((locations[at] & LOCATION) >>> PACK_SHIFT == pack) {
                    locations[at] |= DAMAGED;
                }
            }
        }

        synchronized void markWhole(long key) {
            int at = first(key);
            if (at >= 0) {
                locations[at] |= WHOLE;
            }
        }

        synchronized boolean isWhole(long key) {
            int at = first(key);
            return at >= 0 && (locations[at] & WHOLE) != 0;
        }

        synchronized void clearUsers() {
            users = new int[size];
            Arrays.fill(users, UserVisitor.NOBODY);
        }

        synchronized boolean use(long key, int user) {
            int at = first(key);
            if (at < 0 || users[at] == user || users[at] == UserVisitor.SEVERAL) {
                return false;
            }
            users[at] = users[at] == UserVisitor.NOBODY ? user : UserVisitor.SEVERAL;
            return true;
        }

        synchronized void users(UserVisitor visitor) {
            int user = UserVisitor.NOBODY;
            for (int at = 0; at < size; at++) {
                boolean first = at == 0 || keys[at] != keys[at - 1];
                user = first ? users[at] : user;
                visitor.chunk(decode(locations[at]), user, first);
            }
        }

        private boolean isDamaged(int at) {
            return (locations[at] & DAMAGED) != 0;
        }

        /** The first place of a key, or a negative number. */
        private int first(long key) {
            int at = Arrays.binarySearch(keys, 0, size, key);
            while (at > 0 && keys[at - 1] == key) {
                at--;
            }
            return at;
        }
    }
}
