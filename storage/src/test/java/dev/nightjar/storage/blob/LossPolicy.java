package dev.nightjar.storage.blob;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a crash takes of that which nothing has made durable yet. POSIX promises nothing about it: of the names in a directory each may be as it was at any time since the
 * directory was synced, whatever the others are; of the bytes of a file each sector may be there or not, under the old length or the new one.
 */
public enum LossPolicy {
    /** Nothing: a process was killed and the machine lives. */
    NOTHING,
    /** Everything. */
    EVERYTHING,
    /** All data; names are there: files are empty or too short. */
    DATA,
    /** All data but for the length: zeros, as where blocks were allocated and never written. */
    DATA_BUT_LENGTH,
    /** The last write is cut off at some byte. */
    END_OF_LAST_WRITE,
    /** All names that appeared; those that went are gone. */
    NEW_NAMES,
    /** That names went; those that appeared are there. */
    REMOVALS,
    /** Anything. */
    ANYTHING;

    private static final int SECTOR = 512;

    /** What a name stands for afterwards, of all that it stood for since its directory was synced, oldest first; null is nothing. */
    @Nullable
    Integer survivor(List<@Nullable Integer> history, Random random) {
        return switch (this) {
            case NOTHING, DATA, DATA_BUT_LENGTH, END_OF_LAST_WRITE -> history.getLast();
            case EVERYTHING -> history.getFirst();
            case NEW_NAMES -> history.contains(null) ? null : history.getFirst();
            case REMOVALS -> lastThing(history);
            case ANYTHING -> history.get(random.nextInt(history.size()));
        };
    }

    /** A file's bytes afterwards. */
    byte[] content(byte[] written, int durable, int lastWrite, Random random) {
        return switch (this) {
            case NOTHING, NEW_NAMES, REMOVALS -> written;
            case EVERYTHING, DATA -> Arrays.copyOf(written, durable);
            case DATA_BUT_LENGTH -> Arrays.copyOf(Arrays.copyOf(written, durable), written.length);
            case END_OF_LAST_WRITE -> {
                int from = Math.max(durable, lastWrite);
                yield Arrays.copyOf(written, from + random.nextInt(written.length - from + 1));
            }
            case ANYTHING -> sectors(written, durable, random);
        };
    }

    private static @Nullable Integer lastThing(List<@Nullable Integer> history) {
        for (Integer thing : history.reversed()) {
            if (thing != null) {
                return thing;
            }
        }
        return null;
    }

    private static byte[] sectors(byte[] written, int durable, Random random) {
        byte[] kept = Arrays.copyOf(written, durable + random.nextInt(written.length - durable + 1));
        for (int at = durable; at < kept.length; at = (at / SECTOR + 1) * SECTOR) {
            if (random.nextInt(4) == 0) {
                Arrays.fill(kept, at, Math.min(kept.length, (at / SECTOR + 1) * SECTOR), (byte) 0);
            }
        }
        return kept;
    }
}
