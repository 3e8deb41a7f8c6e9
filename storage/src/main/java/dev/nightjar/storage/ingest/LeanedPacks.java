package dev.nightjar.storage.ingest;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/** The packs whose chunks a run uses: all of them must be LIVE when it commits. Thread-safe; a bit per pack of the catalog. */
final class LeanedPacks {

    private final BitSet numbers = new BitSet();

    synchronized void add(Collection<Integer> packs) {
        packs.forEach(numbers::set);
    }

    synchronized List<Integer> all() {
        return numbers.stream().boxed().toList();
    }
}
