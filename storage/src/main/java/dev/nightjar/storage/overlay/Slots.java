package dev.nightjar.storage.overlay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * Which slots of the data file are used. Used under its owner's lock.
 *
 * <p>A slot that was given up may be what a power cut falls back to, so it is used again only after the next commit.
 */
final class Slots {

    private final Deque<Integer> free = new ArrayDeque<>();
    private List<Integer> givenUp = new ArrayList<>();
    private int next;

    /** All slots but these are free. */
    void occupy(Collection<Integer> used) {
        BitSet taken = new BitSet();
        used.forEach(taken::set);
        free.clear();
        givenUp.clear();
        next = taken.length();
        for (int slot = taken.nextClearBit(0); slot < next; slot = taken.nextClearBit(slot + 1)) {
            free.add(slot);
        }
    }

    int take() {
        Integer slot = free.poll();
        return slot == null ? next++ : slot;
    }

    /** Gives back a slot that no record ever named. */
    void untake(int slot) {
        free.push(slot);
    }

    void giveUp(int slot) {
        givenUp.add(slot);
    }

    /** What was given up until now, to be freed once that is committed. */
    List<Integer> takeGivenUp() {
        List<Integer> taken = givenUp;
        givenUp = new ArrayList<>();
        return taken;
    }

    void putBack(List<Integer> slots) {
        givenUp.addAll(slots);
    }

    void free(List<Integer> slots) {
        free.addAll(slots);
    }
}
